const MARKS = /\p{M}+/gu;
const WORD = /[\p{L}\p{N}]+/gu;

/**
 * Text as somebody types it who has no Vietnamese keyboard: no marks, đ as d, lower case.
 * NFC and NFD, any tone placement and fullwidth letters fold alike. For searching and comparing,
 * never for showing or storing.
 */
export function fold(text: string): string {
  return text
    .normalize('NFKD')
    .replace(MARKS, '')
    .toLowerCase()
    .replaceAll('đ', 'd')
    .replaceAll('ð', 'd')
    .normalize('NFC');
}

/** The folded words of a text, in order: runs of letters and digits; all else separates. */
export function foldedWords(text: string): string[] {
  return fold(text).match(WORD) ?? [];
}
