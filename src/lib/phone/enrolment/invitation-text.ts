import { CODE_ALPHABET, CODE_LENGTH } from '../../protocol/enrol.ts';
import { err, ok, type Result } from '../../kernel/result.ts';

/** `elsewhere`: an address of another site. `strange_sign`: a sign that no code has (0 O 1 I L among them). */
export type InvitationFault = 'empty' | 'too_short' | 'too_long' | 'strange_sign' | 'elsewhere';

/** U is not in the alphabet and V is: what looks like a U was a V. 0 O 1 I L could have been several and are asked again. */
const LOOK_ALIKES: Readonly<Record<string, string>> = { U: 'V', '\u0110': 'D' };

function foldSigns(text: string): string {
  const plain = text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toUpperCase()
    .replace(/[\s\p{P}]/gu, '');
  return [...plain].map((sign) => LOOK_ALIKES[sign] ?? sign).join('');
}

/** The code of an invitation's address, `<origin>/enrol#<CODE>`; null: not such an address. */
function codeOfAddress(text: string): { readonly origin: string; readonly code: string } | null {
  if (!/^https?:\/\//i.test(text)) return null;
  try {
    const url = new URL(text);
    return {
      origin: url.origin,
      code: url.pathname === '/enrol' ? decodeURIComponent(url.hash.slice(1)) : '',
    };
  } catch {
    return null;
  }
}

/**
 * The code in what a camera read or a person typed: letter case, spaces, dashes, Vietnamese marks that a keyboard put on
 * and look-alikes are folded away. An address counts only when it is this site's own.
 */
export function readInvitation(
  text: string,
  origin: string | null = ownOrigin(),
): Result<string, InvitationFault> {
  const trimmed = text.trim();
  if (trimmed.length > 200) return err('too_long');
  const address = codeOfAddress(trimmed);
  if (address && origin !== null && address.origin !== origin) return err('elsewhere');
  const code = foldSigns(address ? address.code : trimmed.replace(/^#/, ''));
  if (code === '') return err(address ? 'elsewhere' : 'empty');
  if ([...code].some((sign) => !CODE_ALPHABET.includes(sign))) return err('strange_sign');
  if (code.length < CODE_LENGTH) return err('too_short');
  return code.length > CODE_LENGTH ? err('too_long') : ok(code);
}

function ownOrigin(): string | null {
  return typeof location === 'undefined' ? null : location.origin;
}
