import type { Messages } from './dictionary.ts';
import { firstWords } from './first-words.ts';
import type { Locale } from './locale.ts';

const loaded: Record<Locale, Messages | null> = { vi: null, en: null };

/** Brings a language in, whole and once. Rejects where it cannot be had. A phone that shows no English never loads it. */
export async function loadMessages(locale: Locale): Promise<void> {
  if (loaded[locale] !== null) return;
  if (locale === 'en') loaded.en = (await import('./english.ts')).en;
  else loaded.vi = (await import('./dictionary.ts')).vi;
}

/** The words of a language that was loaded, else the Vietnamese ones; before those came, the first of them. */
export function loadedMessages(locale: Locale): Messages {
  // Every screen but Hôm nay waits for the whole dictionary (routes/+layout.ts), so no one asks for a word that is missing.
  return loaded[locale] ?? loaded.vi ?? (firstWords as unknown as Messages);
}
