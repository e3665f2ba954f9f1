import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { messagesFor } from '$lib/messages/both-languages.ts';

const STATIC = new URL('../../../static/', import.meta.url);

interface Manifest {
  readonly name: string;
  readonly start_url: string;
  readonly display: string;
  readonly lang: string;
  readonly icons: readonly { readonly src: string; readonly sizes: string; readonly purpose: string }[];
}

const manifest = JSON.parse(readFileSync(new URL('manifest.webmanifest', STATIC), 'utf8')) as Manifest;

/** Width and height as a PNG's own header gives them. */
function pngSize(path: string): string {
  const bytes = readFileSync(new URL(`.${path}`, STATIC));
  return `${bytes.readUInt32BE(16)}x${bytes.readUInt32BE(20)}`;
}

describe('E1 the app can be installed', () => {
  it('bears its name and opens on Hôm nay', () => {
    expect(manifest).toMatchObject({
      name: messagesFor('vi').shell.appName,
      start_url: '/today',
      display: 'standalone',
      lang: 'vi',
    });
  });

  it('has icons of the sizes it says, one of them maskable', () => {
    expect(manifest.icons.map(({ src }) => pngSize(src))).toEqual(manifest.icons.map(({ sizes }) => sizes));
    expect(manifest.icons.map(({ purpose }) => purpose)).toContain('maskable');
  });

  it('names no file that is not there', () => {
    const html = readFileSync(new URL('../src/app.html', STATIC), 'utf8');
    const fonts = readFileSync(new URL('../src/lib/ui/style/fonts.css', STATIC), 'utf8');
    const named = [
      ...Array.from(html.matchAll(/%sveltekit\.assets%\/([^"]+)/g), ([, path = '']) => path),
      ...Array.from(fonts.matchAll(/url\('\/([^']+)'\)/g), ([, path = '']) => path),
    ];
    expect(named.length).toBeGreaterThan(9);
    expect(named.filter((path) => !existsSync(new URL(path, STATIC)))).toEqual([]);
  });
});
