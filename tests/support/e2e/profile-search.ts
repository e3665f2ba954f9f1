import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Every way a text may lie in a file: UTF-8 and UTF-16, composed or not, and in base64 at any place. */
function formsOf(text: string): readonly Buffer[] {
  const forms = [...new Set([text.normalize('NFC'), text.normalize('NFD')])];
  return forms.flatMap((form) => [
    Buffer.from(form, 'utf8'),
    Buffer.from(form, 'utf16le'),
    ...[0, 1, 2].map((shift) => base64Core(Buffer.from(form, 'utf8'), shift)),
  ]);
}

/** What of the base64 of these bytes does not depend on their neighbours, when they begin at this place of three. */
function base64Core(bytes: Buffer, shift: number): Buffer {
  const whole = Buffer.concat([Buffer.alloc(shift), bytes]);
  const even = whole.subarray(0, whole.length - (whole.length % 3)).toString('base64');
  return Buffer.from(even.slice(shift === 0 ? 0 : 4), 'utf8');
}

function filesUnder(path: string): string[] {
  return readdirSync(path, { withFileTypes: true }).flatMap((entry) => {
    const file = join(path, entry.name);
    if (entry.isDirectory()) return filesUnder(file);
    return entry.isFile() ? [file] : [];
  });
}

/** Where these texts lie in a browser's profile: `file: text`, byte by byte through every file of it. */
export function foundInProfile(profile: string, texts: readonly string[]): readonly string[] {
  const forms = texts.map((text) => ({ text, forms: formsOf(text) }));
  return filesUnder(profile).flatMap((file) => {
    if (statSync(file).size === 0) return [];
    const bytes = readFileSync(file);
    return forms
      .filter((wanted) => wanted.forms.some((form) => bytes.includes(form)))
      .map(({ text }) => `${file.slice(profile.length)}: ${text}`);
  });
}
