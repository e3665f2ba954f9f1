import type { ConfirmedRow, Row } from '../../domain/record/row.ts';
import { canonicalJson, type Json } from '../../kernel/json.ts';
import type { AccountTables } from '../store/account-tables.ts';
import type { OutboxEntry, StoredRow } from '../store/stored.ts';
import { replay } from './replay.ts';
import { replayEntryOf } from './row-workspace.ts';

/** Keys of rows whose kept view differs from what confirmed rows and outbox give: none, or there is a defect. */
export async function viewFaults(tables: AccountTables): Promise<readonly string[]> {
  const [stored, entries] = await tables.transaction('r', [tables.rows, tables.outbox], async () => [
    await tables.rows.toArray(),
    await tables.outbox.toArray(),
  ]);
  return viewFaultsIn(stored, entries);
}

/** The same, of rows and entries that have been read. */
export function viewFaultsIn(
  stored: readonly StoredRow[],
  entries: readonly OutboxEntry[],
): readonly string[] {
  const confirmed = new Map<string, ConfirmedRow>();
  for (const row of stored) if (row.confirmed !== null) confirmed.set(row.key, row.confirmed);
  const fresh = replay(confirmed, entries.map(replayEntryOf)).rows;
  const kept = new Map<string, Row>();
  for (const row of stored) if (row.replayed !== null) kept.set(row.key, row.replayed);
  const same = (a: Row | undefined, b: Row | undefined): boolean =>
    canonicalJson((a ?? null) as unknown as Json) === canonicalJson((b ?? null) as unknown as Json);
  return [...new Set([...fresh.keys(), ...kept.keys()])].filter(
    (key) => !same(fresh.get(key), kept.get(key)),
  );
}
