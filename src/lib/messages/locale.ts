/** Languages of the interface. Content packs stay Vietnamese and are marked `lang="vi"`. */
export type Locale = 'vi' | 'en';

export const LOCALES: readonly Locale[] = ['vi', 'en'];
export const DEFAULT_LOCALE: Locale = 'vi';

/** Narrows untrusted text (storage, cookie, page data) to a locale. */
export function isLocale(value: unknown): value is Locale {
  return value === 'vi' || value === 'en';
}

/** What a commune is called: a ward setting, never guessed. */
export type UnitWord = 'phường' | 'xã' | 'đặc khu';

export const UNIT_WORDS: readonly UnitWord[] = ['phường', 'xã', 'đặc khu'];
export const DEFAULT_UNIT: UnitWord = 'phường';

export function isUnitWord(value: unknown): value is UnitWord {
  return value === 'phường' || value === 'xã' || value === 'đặc khu';
}
