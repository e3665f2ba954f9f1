import { vi, type Messages } from './dictionary.ts';
import { en } from './english.ts';
import type { Locale } from './locale.ts';

/** Both languages at once: for the server and for tests. On a phone see loaded-words.ts. */
export const dictionary: Readonly<Record<Locale, Messages>> = { vi, en };

/** The words of one language. */
export function messagesFor(locale: Locale): Messages {
  return dictionary[locale];
}
