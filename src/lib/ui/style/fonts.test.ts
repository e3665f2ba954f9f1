import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const css = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8');
const STATIC = new URL('../../../../static/', import.meta.url);

describe('E1 E5 the letters come from our own host, offline too', () => {
  const sources = Array.from(css('./fonts.css').matchAll(/src:\s*([^;]+);/g), ([, source = '']) => source);

  it('three weights, each with the letters of Vietnamese and the others, from files of our own and nowhere else', () => {
    const wanted = ['400', '600', '700'].flatMap((weight) =>
      ['vietnamese', 'latin'].map((part) => `/fonts/be-vietnam-pro-${part}-${weight}-normal.woff2`),
    );
    expect(sources).toEqual(wanted.map((path) => `url('${path}') format('woff2')`));
    for (const path of wanted)
      expect(readFileSync(new URL(`.${path}`, STATIC)).toString('latin1', 0, 4), path).toBe('wOF2');
  });

  it('stands before every font of the machine', () => {
    expect(css('./tokens.css')).toMatch(/--font: 'Be Vietnam Pro',/);
    expect(css('./base.css')).toMatch(/font-family: var\(--font\);/);
  });
});
