import { vi, type Messages } from './dictionary.ts';
import type { Locale } from './locale.ts';

// Vietnamese is always there; a phone that never shows English never downloads it.
const loaded: Record<Locale, Messages | null> = { vi, en: null };

/** Brings a language in, once. Rejects where it cannot be had; Vietnamese then stays. */
export async function loadMessages(locale: Locale): Promise<void> {
  if (loaded[locale] !== null) return;
  const { en } = await import('./english.ts');
  loaded.en = en;
}

/** The words of a language that was loaded, else the Vietnamese ones. */
export function loadedMessages(locale: Locale): Messages {
  return loaded[locale] ?? vi;
}
