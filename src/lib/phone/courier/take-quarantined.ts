import { parentIdOf } from '../../domain/record/belonging.ts';
import type { MutationId } from '../../domain/record/ids.ts';
import { type Mutation, mutationSchema } from '../../domain/record/mutation.ts';
import { rowKey } from '../../domain/record/row.ts';
import type { QuarantinedRow, RoundAnswer } from '../../protocol/round.ts';
import { actorOf } from '../commands/actor-of.ts';
import type { AccountTables } from '../store/account-tables.ts';
import { readMeta, writeMeta } from '../store/meta.ts';
import type { OutboxEntry } from '../store/stored.ts';
import { loadRows, type RowWorkspace } from '../view/row-workspace.ts';
import { isFinalIn, phaseOf } from './take-outcomes.ts';

type DownRow = RoundAnswer['own'][number];

export function isQuarantined(row: DownRow): row is QuarantinedRow {
  return row.kind === 'quarantined' && 'plain' in row;
}

function readPlain(plain: string): Mutation | null {
  try {
    const parsed = mutationSchema.safeParse(JSON.parse(plain));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

interface Filing {
  readonly space: RowWorkspace;
  readonly epoch: string;
  /** The data key that sealed parts came down under. */
  readonly key: string | null;
}

/**
 * Own records that the server would not, or not yet, take outlive the phone: one that was enrolled anew files them
 * beside its own outbox, to be shown and mended here. They are never sent from here.
 */
export async function takeQuarantined(
  tables: AccountTables,
  { space, epoch, key }: Filing,
  rows: readonly DownRow[],
): Promise<void> {
  const wanted = rows.filter(isQuarantined);
  if (wanted.length === 0) return;
  const account = await readMeta(tables, 'account');
  const replica = await readMeta(tables, 'replica');
  if (account === undefined || replica === undefined) return;
  const standing = await tables.outbox.bulkGet(wanted.map((row) => row.id));
  let { nextPlace } = replica;
  for (const [at, row] of wanted.entries()) {
    const before = space.entries.get(row.id) ?? standing[at];
    if (before !== undefined && before.came !== 'pulled') {
      if (isTakenBack(before, epoch)) await file(tables, space, heldAgain(before, row));
      continue;
    }
    const mutation = readPlain(row.plain);
    if (mutation === null) continue;
    const place = before?.place ?? nextPlace++;
    const actor = { ...actorOf(account), replica: row.replica };
    const answeredBy = before?.answeredBy ?? null;
    await file(tables, space, { ...pulledEntry(row, mutation, key, answeredBy), place, actor });
  }
  await writeMeta(tables, 'replica', { ...replica, nextPlace });
}

/** Applied, as the server said before it was restored; the restored one has it in its quarantine. */
function isTakenBack(entry: OutboxEntry, epoch: string): boolean {
  return entry.outcome?.is === 'applied' && !isFinalIn(entry, epoch);
}

function heldAgain(entry: OutboxEntry, { outcome }: QuarantinedRow): OutboxEntry {
  const answered = entry.answeredBy !== null;
  return { ...entry, outcome, phase: phaseOf(outcome, answered), replay: answered ? 0 : 1 };
}

async function file(tables: AccountTables, space: RowWorkspace, entry: OutboxEntry): Promise<void> {
  const taken = await tables.outbox.get({ '[replica+seq]': [entry.replica, entry.seq] });
  if (taken !== undefined && taken.id !== entry.id) return;
  await tables.outbox.put(entry);
  await loadRows(tables, space, entry.rows);
  space.entries.set(entry.id, entry);
}

function pulledEntry(
  row: QuarantinedRow,
  mutation: Mutation,
  key: string | null,
  answeredBy: MutationId | null,
): Omit<OutboxEntry, 'place' | 'actor'> {
  const parents = mutation.changes.flatMap((change) => {
    const fields = Object.fromEntries(
      Object.entries(change.set ?? {}).map(([field, { value }]) => [field, value]),
    );
    const parent = parentIdOf({ kind: change.row, fields });
    return parent === null ? [] : [rowKey('assist', parent)];
  });
  return {
    id: row.id,
    replica: row.replica,
    seq: row.seq,
    plain: row.plain,
    sealed: row.sealed,
    key: row.sealed === null ? null : key,
    came: 'pulled',
    kind: mutation.kind,
    rows: [...new Set([...mutation.changes.map((change) => rowKey(change.row, change.id)), ...parents])],
    savedAt: mutation.at,
    phase: phaseOf(row.outcome, answeredBy !== null),
    outcome: row.outcome,
    commits: {},
    ackedAt: 0,
    ackedIn: '',
    replay: answeredBy === null ? 1 : 0,
    mends: mutation.mends ?? null,
    answeredBy,
    givesUp: false,
  };
}

/** Settled on the server: the copy that had been pulled has done its work. */
export async function dropQuarantined(tables: AccountTables, space: RowWorkspace, id: string): Promise<void> {
  const entry = await tables.outbox.get(id);
  if (entry?.came !== 'pulled') return;
  await loadRows(tables, space, entry.rows);
  await tables.outbox.delete(entry.id);
  space.entries.delete(id as MutationId);
}
