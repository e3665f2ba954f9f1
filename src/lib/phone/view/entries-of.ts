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
  const found =
    (await stretchOf(tables, [...keys].sort())) ??
    (await Promise.all(keys.map((key) => tables.outbox.where('rows').equals(key).toArray()))).flat();
  return [...new Map(found.map((entry) => [entry.id, entry])).values()];
}

/** Rows of a page were made one after the other: one look over their stretch tells what fifty would. Null: too much lies there. */
async function stretchOf(tables: AccountTables, keys: readonly string[]): Promise<OutboxEntry[] | null> {
  const most = keys.length * ENTRIES_A_ROW;
  if (keys.length <= ONE_BY_ONE) return null;
  const stretch = await tables.outbox
    .where('rows')
    .between(keys[0], keys.at(-1), true, true)
    .limit(most)
    .toArray();
  return stretch.length < most ? stretch.filter(({ rows }) => rows.some((key) => keys.includes(key))) : null;
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
