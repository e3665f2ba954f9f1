import { canonicalJson, type Json } from '../../src/lib/kernel/json.ts';

/**
 * All that a ward's tables hold at one moment: what and which → what it is. Left out, by name: what the memory store does
 * not keep (`derived` of rows, which is worked out for lists; version and sealed part of history's rows; `epoch` of
 * history; why an epoch began; when a row, a mutation or a mark came, a gap was noted, a data key seen, a quarantined
 * record settled), and when grants and replicas began and ended, for which the tests' own SQL takes the wall clock.
 */
export type WardPicture = ReadonlyMap<string, Json>;

/** As JSON has it: what is undefined in memory is absent in a table. */
const told = (value: Json | undefined): string =>
  value === undefined ? 'nothing' : canonicalJson(JSON.parse(JSON.stringify(value)) as Json);

/** Where two pictures of a ward differ, a line each. */
export function pictureDifferences(one: WardPicture, other: WardPicture): string[] {
  const names = [...new Set([...one.keys(), ...other.keys()])].sort();
  return names.flatMap((name) => {
    const [here, there] = [told(one.get(name)), told(other.get(name))];
    return here === there ? [] : [`${name}:\n    ${here}\n    ${there}`];
  });
}
