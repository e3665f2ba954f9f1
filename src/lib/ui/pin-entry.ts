/** Digits of a PIN being typed, one press at a time. Held in memory only, and only until it is handed over. */

export type PinKey = 'erase' | `${number}`;

/** Maps a keyboard key to a press; null for keys that mean nothing here. */
export function pinKeyOf(key: string): PinKey | null {
  if (/^[0-9]$/.test(key)) return key as PinKey;
  return key === 'Backspace' || key === 'Delete' ? 'erase' : null;
}

/** The digits after one press; full entries take no more. */
export function afterPress(digits: string, key: PinKey, length: number): string {
  if (key === 'erase') return digits.slice(0, -1);
  return digits.length < length ? digits + key : digits;
}
