import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { automaticDarkTokens, contrast, tokensOf, type Theme, type Tokens } from './contrast.ts';

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8');
const THEMES: readonly Theme[] = ['light', 'dark', 'sun'];

/** Text on the surface it is set on, wherever a component does so. */
const TEXT: readonly (readonly [text: string, on: readonly string[]])[] = [
  ['ink', ['paper', 'card', 'quiet-wash', 'blue-wash', 'green-wash', 'amber-wash', 'red-wash']],
  ['ink-soft', ['paper', 'card', 'quiet-wash']],
  ['blue', ['paper', 'card', 'blue-wash']],
  ['blue-ink', ['paper', 'card', 'blue-wash']],
  ['on-blue', ['blue']],
  ['green', ['paper', 'card', 'green-wash']],
  ['amber', ['paper', 'card', 'amber-wash']],
  ['red', ['paper', 'card', 'red-wash']],
  ['on-red', ['red']],
  ['side-ink', ['side', 'side-current']],
  ['resident-ink', ['resident']],
  ['resident-star', ['resident']],
];

/** Edges and fills by which a control is recognised. */
const CONTROLS: readonly (readonly [edge: string, on: readonly string[]])[] = [
  ['control-line', ['paper', 'card', 'blue-wash', 'quiet-wash']],
  ['blue', ['paper', 'card', 'blue-wash']],
  ['red', ['paper', 'card']],
  ['focus', ['paper', 'card', 'blue-wash']],
  ['side-line', ['side']],
];

/** Pairs below their floor, in words. */
function tooFaint(tokens: Tokens, pairs: typeof TEXT, floor: number): readonly string[] {
  const colour = (name: string) => {
    const value = tokens.get(name);
    if (value === undefined) throw new Error(`no token ${name}`);
    return value;
  };
  return pairs.flatMap(([front, grounds]) =>
    grounds
      .map((ground) => ({ ground, ratio: contrast(colour(front), colour(ground)) }))
      .filter(({ ratio }) => ratio < floor)
      .map(({ ground, ratio }) => `${front} on ${ground}: ${ratio.toFixed(2)} < ${floor}`),
  );
}

describe('E3 contrast of the tokens', () => {
  it.each(THEMES)('text in %s', (theme) => {
    expect(tooFaint(tokensOf(css, theme), TEXT, theme === 'sun' ? 7 : 4.5)).toEqual([]);
  });

  it.each(THEMES)('controls in %s', (theme) => {
    expect(tooFaint(tokensOf(css, theme), CONTROLS, theme === 'sun' ? 4.5 : 3)).toEqual([]);
  });

  it('turns red on a planted grey', () => {
    const planted = css.replace('--ink-soft: #5a6577', '--ink-soft: #9aa3af');
    expect(tooFaint(tokensOf(planted, 'light'), TEXT, 4.5)).toContainEqual(
      expect.stringMatching(/^ink-soft on card: 2\.\d\d < 4\.5$/),
    );
  });

  it('measures as WCAG does', () => {
    expect(contrast('#000000', '#ffffff')).toBe(21);
    expect(contrast('#767676', '#ffffff')).toBeCloseTo(4.54, 2);
  });
});

describe('themes are one set of names', () => {
  it('gives every colour in every theme', () => {
    const names = [...tokensOf(css, 'light').keys()];
    expect([...tokensOf(css, 'dark').keys()]).toEqual(names);
    expect([...tokensOf(css, 'sun').keys()]).toEqual(names);
  });

  it('is equally dark by choice and by the phone', () => {
    expect([...automaticDarkTokens(css)]).toEqual([...tokensOf(css, 'dark')]);
  });

  it('never sets a line below 1.3', () => {
    const leading = Array.from(css.matchAll(/--leading[a-z-]*:\s*([0-9.]+)/g), ([, value]) => Number(value));
    expect(leading.length).toBeGreaterThan(1);
    expect(Math.min(...leading)).toBeGreaterThanOrEqual(1.3);
  });
});
