/** Composed form, the only one that is stored or compared: at every gate text passes through here once. */
export function nfc(text: string): string {
  return text.normalize('NFC');
}

/** Length as people count it on paper: code points of the composed form, not UTF-16 units. */
export function lengthOf(text: string): number {
  let count = 0;
  for (const _ of nfc(text)) count += 1;
  return count;
}
