/** Reads tokens.css and measures contrast by WCAG 2.2. Used by the test only. */

export type Theme = 'light' | 'dark' | 'sun';
export type Tokens = ReadonlyMap<string, string>;

function block(css: string, selector: string): string {
  const start = css.indexOf(`${selector} {`);
  if (start < 0) throw new Error(`no block ${selector}`);
  return css.slice(start, css.indexOf('}', start));
}

function declarations(css: string): Tokens {
  const found = css.matchAll(/--([a-z-]+):\s*(#[0-9a-f]{6});/g);
  return new Map(Array.from(found, ([, name = '', value = '']) => [name, value]));
}

const SELECTORS: Record<Theme, string> = {
  light: ':root',
  dark: ":root[data-theme='dark']",
  sun: ":root[data-theme='sun']",
};

/** Colours of one theme, as hex by name. */
export function tokensOf(css: string, theme: Theme): Tokens {
  return declarations(block(css, SELECTORS[theme]));
}

/** Colours a phone set to dark gets when nobody chose a theme. */
export function automaticDarkTokens(css: string): Tokens {
  return declarations(block(css, ':root:not([data-theme])'));
}

function channel(hex: string, at: number): number {
  const value = parseInt(hex.slice(at, at + 2), 16) / 255;
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

function luminance(hex: string): number {
  return 0.2126 * channel(hex, 1) + 0.7152 * channel(hex, 3) + 0.0722 * channel(hex, 5);
}

/** Contrast ratio of two `#rrggbb` colours, 1 to 21. */
export function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}
