import type { Result } from '../result.ts';
import { err, ok } from '../result.ts';
import { nfc } from './nfc.ts';

export interface TextRule {
  /** Most code points kept, counted after cleaning. */
  readonly most: number;
  /** `one` turns line breaks into spaces (names, titles), `many` keeps them (notes). */
  readonly lines: 'one' | 'many';
}

export type TextFault = { readonly kind: 'too_long'; readonly length: number; readonly most: number };

const LINE_BREAKS = /\r\n|[\r\u0085\u2028\u2029]/gu;
const SPACES = /[\t\v\f\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]/gu;

/**
 * What nobody types on purpose and what can hide or reorder text on screen: control characters,
 * directional marks and overrides, zero-width spaces, byte-order marks, halves of characters.
 * The joiner U+200D stays: emoji families are made with it.
 */
const UNSEEN =
  // eslint-disable-next-line no-control-regex -- control characters are what this removes
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]|\p{Surrogate}|\p{Noncharacter_Code_Point}/gu;

/**
 * Free text made fit to store: composed, without unseen characters, spaces tidied, at most one
 * empty line in a row. Nothing a person can see is dropped; text that is too long is an error with
 * its length, never cut, so that what was typed is not lost. Empty text is fine.
 */
export function cleanText(raw: string, rule: TextRule): Result<string, TextFault> {
  const tidy = nfc(raw.replace(LINE_BREAKS, '\n').replace(SPACES, ' ').replace(UNSEEN, ''));
  const text = (rule.lines === 'one' ? tidy.replaceAll('\n', ' ') : tidy)
    .replace(/ {2,}/g, ' ')
    .replace(/ ?\n ?/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
  const length = [...text].length;
  return length > rule.most ? err({ kind: 'too_long', length, most: rule.most }) : ok(text);
}
