import type { AccountTables } from '../store/account-tables.ts';
import type { OutboxEntry } from '../store/stored.ts';

/** Asked one by one, a few rows cost a few reads; many rows are first held against what is replayed at all. */
export const FEW = 24;

/** Every entry that names one of these rows: each once, in no order. */
export async function entriesOf(
  tables: AccountTables,
  keys: readonly string[],
): Promise<readonly OutboxEntry[]> {
  const found = await Promise.all(keys.map((key) => tables.outbox.where('rows').equals(key).toArray()));
  return [...new Map(found.flat().map((entry) => [entry.id, entry])).values()];
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
