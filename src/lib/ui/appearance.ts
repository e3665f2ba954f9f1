import { isLocale, type Locale } from '$lib/messages/locale.ts';

/** How this device shows the app. Kept in localStorage: no personal data, readable before the vault opens. */
export interface Appearance {
  readonly theme: 'auto' | 'light' | 'dark' | 'sun';
  readonly size: 'normal' | 'large' | 'huge';
  readonly saver: boolean;
  /** Null until somebody chose. */
  readonly locale: Locale | null;
}

export const THEMES: readonly Appearance['theme'][] = ['auto', 'light', 'dark', 'sun'];
export const SIZES: readonly Appearance['size'][] = ['normal', 'large', 'huge'];

/** The part of `Storage` needed here, so that tests and closed storage can stand in. */
export interface TextStore {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

/** The part of `<html>` needed here. */
export interface RootElement {
  lang: string;
  readonly dataset: Record<string, string | undefined>;
}

function oneOf<T extends string>(values: readonly T[], text: string | null, otherwise: T): T {
  return values.find((value) => value === text) ?? otherwise;
}

/** What the device remembers; unknown values read as the defaults. */
export function readAppearance(store: TextStore): Appearance {
  const locale = store.getItem('xks.locale');
  return {
    theme: oneOf(THEMES, store.getItem('xks.theme'), 'auto'),
    size: oneOf(SIZES, store.getItem('xks.size'), 'normal'),
    saver: store.getItem('xks.saver') === 'on',
    locale: isLocale(locale) ? locale : null,
  };
}

/** Remembers the appearance on this device. */
export function keepAppearance(store: TextStore, appearance: Appearance): void {
  store.setItem('xks.theme', appearance.theme);
  store.setItem('xks.size', appearance.size);
  store.setItem('xks.saver', appearance.saver ? 'on' : 'off');
  if (appearance.locale !== null) store.setItem('xks.locale', appearance.locale);
}

/** Shows the appearance at once, as static/theme.js does at the next start. */
export function showAppearance(root: RootElement, appearance: Appearance): void {
  const mark = (name: string, value: string | null) => {
    if (value === null) Reflect.deleteProperty(root.dataset, name);
    else root.dataset[name] = value;
  };
  mark('theme', appearance.theme === 'auto' ? null : appearance.theme);
  mark('size', appearance.size === 'normal' ? null : appearance.size);
  mark('saver', appearance.saver ? '' : null);
  if (appearance.locale !== null) root.lang = appearance.locale;
}

/** Opens the device's text store; a browser that forbids storage gives one that forgets. */
export function openTextStore(open: () => TextStore): TextStore {
  try {
    const store = open();
    store.getItem('xks.theme');
    return store;
  } catch {
    return { getItem: () => null, setItem: () => undefined };
  }
}
