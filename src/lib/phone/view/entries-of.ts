import type { AccountTables } from '../store/account-tables.ts';
import type { OutboxEntry } from '../store/stored.ts';

/** Asked one by one, a few rows cost a few reads; many rows are first held against what is replayed at all. */
export const FEW = 24;

/** So few are asked for one by one. */
const ONE_BY_ONE = 3;
/** A row has seldom more entries than this; where its neighbours in the stretch have, each row is asked for by itself. */
const ENTRIES_A_ROW = 3;

/** Every entry that names one of these rows: each once, in no order. */
export async function entriesOf(
  tables: AccountTables,
  keys: readonly string[],
): Promise<readonly OutboxEntry[]> {
  const found = await Promise.all(byKind(keys).map((group) => entriesOfKind(tables, group)));
  return [...new Map(found.flat().map((entry) => [entry.id, entry])).values()];
}

/** Keys of one kind lie side by side, in the order in which the rows were made. */
function byKind(keys: readonly string[]): string[][] {
  const groups = new Map<string, string[]>();
  for (const key of keys) {
    const kind = key.slice(0, key.indexOf('/'));
    const group = groups.get(kind);
    if (group === undefined) groups.set(kind, [key]);
    else group.push(key);
  }
  return [...groups.values()];
}

/** Rows of a page were made one after the other: one look over their stretch tells what fifty would. */
async function entriesOfKind(tables: AccountTables, keys: readonly string[]): Promise<OutboxEntry[]> {
  const sorted = [...keys].sort();
  const [first, last] = [sorted[0], sorted.at(-1)];
  if (sorted.length > ONE_BY_ONE && first !== undefined && last !== undefined) {
    const most = sorted.length * ENTRIES_A_ROW;
    const stretch = await tables.outbox.where('rows').between(first, last, true, true).limit(most).toArray();
    const wanted = new Set(sorted);
    if (stretch.length < most) return stretch.filter(({ rows }) => rows.some((key) => wanted.has(key)));
  }
  const each = await Promise.all(sorted.map((key) => tables.outbox.where('rows').equals(key).toArray()));
  return each.flat();
}

/** Those of the rows on which something is replayed: only their entries matter to the view. */
export async function rowsWithReplay(
  tables: AccountTables,
  keys: readonly string[],
): Promise<readonly string[]> {
  if (keys.length <= FEW) return keys;
  const replayed = await tables.outbox.where('replay').equals(1).toArray();
  const named = new Set(replayed.flatMap((entry) => entry.rows));
  return keys.filter((key) => named.has(key));
}
