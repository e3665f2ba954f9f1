import type { ShownRow } from '$lib/phone/view/shown-row.ts';

/** Records under the day they were helped on, in the order they came. */
export function byDay(records: readonly ShownRow[]): readonly (readonly [string, readonly ShownRow[]])[] {
  const groups = new Map<string, ShownRow[]>();
  for (const record of records) {
    const group = groups.get(record.day);
    if (group) group.push(record);
    else groups.set(record.day, [record]);
  }
  return [...groups];
}
