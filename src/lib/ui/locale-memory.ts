import type { Locale } from '$lib/messages/locale.ts';
import type { RootElement, TextStore } from './appearance.ts';

/** Where a choice of language is kept: this device, the page now, and a cookie for pages the server draws. */
export interface LocaleMemory {
  readonly store: TextStore;
  readonly root: RootElement;
  readonly jar: { cookie: string };
}

/** The cookie that server-drawn pages read. Holds `vi` or `en`, nothing else. */
export const LOCALE_COOKIE = 'xks-locale';

const YEAR_SECONDS = 31_536_000;

export function rememberLocale(locale: Locale, { store, root, jar }: LocaleMemory): void {
  store.setItem('xks.locale', locale);
  root.lang = locale;
  jar.cookie = `${LOCALE_COOKIE}=${locale}; path=/; max-age=${YEAR_SECONDS}; samesite=lax`;
}
