import { rowKey } from '../../domain/record/row.ts';
import type { AccountTables } from '../store/account-tables.ts';
import type { MetaShapes, OutboxEntry } from '../store/stored.ts';
import { isIn } from '../view/replay.ts';
import { mutationOf } from '../view/entry-mutation.ts';
import { loadRows, type RowWorkspace } from '../view/row-workspace.ts';

interface Marks {
  readonly replica: MetaShapes['replica'];
  /** Confirmed rows of every seq up to here are on the phone. */
  readonly rowsTo: number;
  /** Every row that this account may see is on the phone, as of the answer. */
  readonly complete: boolean;
}

/**
 * An applied mutation ends its replay when its rows are here: told so by `rowsTo` as it passes, seen in the rows
 * themselves, or because nothing more can come. One that was held or waited when `rowsTo` passed had no rows then.
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
    if (marks.complete || isTold(entry, marks) || isInRows(space, entry)) ended.push({ ...entry, replay: 0 });
  }
  for (const entry of ended) space.entries.set(entry.id, entry);
  return ended;
}

function isTold(entry: OutboxEntry, { replica, rowsTo }: Marks): boolean {
  return entry.replica === replica.id && entry.seq > replica.rowsTo && entry.seq <= rowsTo;
}

/** Entries heard earlier whose rows come only now: delivered while the vault was locked, or judged late. */
async function loadHeard(tables: AccountTables, space: RowWorkspace, marks: Marks): Promise<void> {
  const { replica, rowsTo, complete } = marks;
  if (rowsTo <= replica.rowsTo && !complete) return;
  const heard = complete
    ? tables.outbox.where('replay').equals(1)
    : tables.outbox
        .where('[replica+seq]')
        .between([replica.id, replica.rowsTo + 1], [replica.id, rowsTo], true, true);
  const entries = await heard.filter(({ outcome }) => outcome?.is === 'applied').toArray();
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
