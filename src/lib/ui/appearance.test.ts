import { readFileSync } from 'node:fs';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import {
  keepAppearance,
  openTextStore,
  readAppearance,
  showAppearance,
  SIZES,
  THEMES,
  type Appearance,
} from './appearance.ts';

const script = readFileSync(new URL('../../../static/theme.js', import.meta.url), 'utf8');

function memoryStore(start: Record<string, string> = {}) {
  const kept = new Map(Object.entries(start));
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  };
}

const root = () => ({ lang: 'vi', dataset: {} as Record<string, string | undefined> });

/** What static/theme.js makes of a store before the first paint. */
function firstPaint(localStorage: unknown) {
  const documentElement = root();
  runInNewContext(script, { document: { documentElement }, window: { localStorage } });
  return documentElement;
}

const EVERY: readonly Appearance[] = THEMES.flatMap((theme) =>
  SIZES.flatMap((size) =>
    [true, false].flatMap((saver) =>
      (['vi', 'en'] as const).map((locale) => ({ theme, size, saver, locale })),
    ),
  ),
);

describe('E6 appearance is kept on the device', () => {
  it('reads back every combination', () => {
    for (const appearance of EVERY) {
      const store = memoryStore();
      keepAppearance(store, appearance);
      expect(readAppearance(store)).toEqual(appearance);
    }
  });

  it('is the same at the first paint as after a change', () => {
    for (const appearance of EVERY) {
      const store = memoryStore();
      keepAppearance(store, appearance);
      const live = root();
      showAppearance(live, appearance);
      expect(firstPaint(store)).toEqual(live);
    }
  });

  it('takes the defaults for nonsense and for a closed storage', () => {
    const nonsense = memoryStore({ 'xks.theme': 'pink', 'xks.size': '__proto__', 'xks.locale': 'fr' });
    expect(readAppearance(nonsense)).toEqual({ theme: 'auto', size: 'normal', saver: false, locale: null });
    expect(firstPaint(nonsense)).toEqual(root());
    expect(firstPaint(undefined)).toEqual(root());
  });

  it('survives a browser that forbids storage', () => {
    const closed = openTextStore(() => {
      throw new Error('SecurityError');
    });
    keepAppearance(closed, { theme: 'sun', size: 'huge', saver: true, locale: 'en' });
    expect(readAppearance(closed).theme).toBe('auto');
  });

  it('goes back to the phone’s own theme', () => {
    const live = root();
    showAppearance(live, { theme: 'sun', size: 'huge', saver: true, locale: 'en' });
    showAppearance(live, { theme: 'auto', size: 'normal', saver: false, locale: 'vi' });
    expect(live).toEqual(root());
  });
});
