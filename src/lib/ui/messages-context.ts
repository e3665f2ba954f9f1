import { getContext, setContext } from 'svelte';
import type { Messages } from '$lib/messages/dictionary.ts';
import { loadedMessages } from '$lib/messages/loaded-words.ts';
import { DEFAULT_LOCALE, DEFAULT_UNIT, type Locale, type UnitWord } from '$lib/messages/locale.ts';

/** What a component may ask about words. Read inside markup or `$derived` to stay reactive. */
export interface Words {
  /** The dictionary of the language in use. */
  readonly m: Messages;
  readonly locale: Locale;
  /** What this commune is called: phường, xã or đặc khu. */
  readonly unit: UnitWord;
  /** Switches the language and remembers it on this device. */
  readonly setLocale: (locale: Locale) => void;
}

/** Sources are functions, so that a rune behind them stays live. Missing ones fall back to the outer context. */
export interface WordSources {
  readonly locale?: () => Locale;
  readonly unit?: () => UnitWord;
  readonly setLocale?: (locale: Locale) => void;
}

const KEY = Symbol('words');

const FALLBACK: Words = {
  get m() {
    return loadedMessages(DEFAULT_LOCALE);
  },
  locale: DEFAULT_LOCALE,
  unit: DEFAULT_UNIT,
  setLocale: () => undefined,
};

/** Gives the words to all components below; call it while a component is being set up. */
export function setMessages(sources: WordSources): Words {
  const outer = getMessages();
  const words: Words = {
    get m() {
      return loadedMessages(words.locale);
    },
    get locale() {
      return sources.locale?.() ?? outer.locale;
    },
    get unit() {
      return sources.unit?.() ?? outer.unit;
    },
    setLocale: (locale) => (sources.setLocale ?? outer.setLocale)(locale),
  };
  return setContext(KEY, words);
}

/** The words in force here: Vietnamese where nobody set any. */
export function getMessages(): Words {
  return getContext<Words | undefined>(KEY) ?? FALLBACK;
}
