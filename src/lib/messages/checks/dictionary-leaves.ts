/** Test support: walks a dictionary and turns every leaf into texts. */

export interface Leaf {
  readonly path: string;
  readonly value: string | ((...parameters: never[]) => string);
}

export function leavesOf(node: object, prefix = ''): readonly Leaf[] {
  return Object.entries(node).flatMap(([key, value]: [string, unknown]) => {
    const path = prefix === '' ? key : `${prefix}.${key}`;
    if (typeof value === 'string') return [{ path, value }];
    if (typeof value === 'function') return [{ path, value: value as Leaf['value'] }];
    if (typeof value === 'object' && value !== null) return leavesOf(value, path);
    throw new Error(`${path}: a leaf is a string or a function`);
  });
}

/** Parameters are strings or numbers by the rule of the room: these stand for them. */
export const SAMPLES: readonly (number | 'phường')[] = [0, 1, 2, 1234, 'phường'];

/** Every text a leaf can give for the sample parameters. */
export function textsOf(leaf: Leaf): readonly string[] {
  const { value } = leaf;
  if (typeof value === 'string') return [value];
  return SAMPLES.map((sample) => value(...(Array(value.length).fill(sample) as never[])));
}
