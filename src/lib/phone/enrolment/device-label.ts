const BROWSERS: readonly (readonly [string, RegExp])[] = [
  ['C\u1ed1c C\u1ed1c', /coc_coc/i],
  ['Edge', /\bEdgA?\//],
  ['Samsung Internet', /SamsungBrowser\//],
  ['Opera', /\bOPR\//],
  ['Firefox', /Firefox\/|FxiOS\//],
  ['Chrome', /Chrome\/|CriOS\//],
  ['Safari', /Safari\//],
];
const SYSTEMS: readonly (readonly [string, RegExp])[] = [
  ['Android', /Android/],
  ['iPhone', /iPhone/],
  ['iPad', /iPad/],
  ['Windows', /Windows/],
  ['macOS', /Macintosh/],
  ['Linux', /Linux|X11/],
];

/** What a leader reads in the list of devices: browser and system, nothing that tells one phone of a model from another. */
export function deviceLabel(userAgent: string): string {
  const find = (names: readonly (readonly [string, RegExp])[]) =>
    names.find(([, sign]) => sign.test(userAgent))?.[0] ?? '?';
  return `${find(BROWSERS)} · ${find(SYSTEMS)}`;
}
