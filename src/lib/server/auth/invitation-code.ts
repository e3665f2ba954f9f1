import type { Random } from '$lib/kernel/random.ts';
import { CODE_ALPHABET, CODE_LENGTH } from '$lib/protocol/enrol.ts';

/**
 * The first four characters find the invitation, the other six are its secret. So a mistyped secret is counted against
 * its own invitation (five tries), and six characters of thirty are 729 million.
 */
const SELECTOR_LENGTH = 4;

/** Draws a code without bias: bytes that would tilt the alphabet are drawn again. */
export function drawCode(random: Random): string {
  const fair = 256 - (256 % CODE_ALPHABET.length);
  let code = '';
  while (code.length < CODE_LENGTH) {
    for (const byte of random.bytes(CODE_LENGTH)) {
      if (byte < fair && code.length < CODE_LENGTH) code += CODE_ALPHABET[byte % CODE_ALPHABET.length] ?? '';
    }
  }
  return code;
}

/** As people type it: spaces, dashes, small and full-width letters. Null when it cannot be a code. */
export function normaliseCode(typed: string): string | null {
  const code = typed
    .normalize('NFKC')
    .replace(/[\s\p{Pd}._]/gu, '')
    .toUpperCase();
  return code.length === CODE_LENGTH && [...code].every((letter) => CODE_ALPHABET.includes(letter))
    ? code
    : null;
}

export function selectorOf(code: string): string {
  return code.slice(0, SELECTOR_LENGTH);
}
