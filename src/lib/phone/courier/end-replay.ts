import { rowKey } from '../../domain/record/row.ts';
import type { AccountTables } from '../store/account-tables.ts';
import type { MetaShapes, OutboxEntry } from '../store/stored.ts';
import { isIn } from '../view/replay.ts';
import { loadRows, mutationOf, type RowWorkspace } from '../view/row-workspace.ts';

interface Marks {
  readonly replica: MetaShapes['replica'];
  /** Confirmed rows of every seq up to here are on the phone. */
  readonly rowsTo: number;
}

/**
 * An applied mutation ends its replay when its rows are here: told so by `rowsTo`, or seen in the rows themselves.
 * Returns the entries that ended, staged in the workspace.
 */
export async function endReplay(
  tables: AccountTables,
  space: RowWorkspace,
  marks: Marks,
): Promise<OutboxEntry[]> {
  await loadHeard(tables, space, marks);
  const ended: OutboxEntry[] = [];
  for (const entry of space.entries.values()) {
    if (entry.replay === 0 || entry.outcome?.is !== 'applied') continue;
    const told = entry.replica === marks.replica.id && entry.seq <= marks.rowsTo;
    if (told || isInRows(space, entry)) ended.push({ ...entry, replay: 0 });
  }
  for (const entry of ended) space.entries.set(entry.id, entry);
  return ended;
}

/** Entries heard earlier whose rows come only now (the courier had delivered them while the vault was locked). */
async function loadHeard(
  tables: AccountTables,
  space: RowWorkspace,
  { replica, rowsTo }: Marks,
): Promise<void> {
  if (rowsTo <= replica.rowsTo) return;
  const entries = await tables.outbox
    .where('[replica+seq]')
    .between([replica.id, replica.rowsTo + 1], [replica.id, rowsTo], true, true)
    .toArray();
  await loadRows(
    tables,
    space,
    entries.flatMap((entry) => entry.rows),
  );
  for (const entry of entries) if (!space.entries.has(entry.id)) space.entries.set(entry.id, entry);
}

function isInRows(space: RowWorkspace, entry: OutboxEntry): boolean {
  return mutationOf(entry).changes.every((change) => {
    const confirmed = space.stored.get(rowKey(change.row, change.id))?.confirmed ?? null;
    return confirmed !== null && isIn(confirmed, change, entry);
  });
}
