import type { Actor } from '../../domain/people/roles.ts';
import { apply, type World } from '../../domain/record/apply.ts';
import type { MutationId } from '../../domain/record/ids.ts';
import type { Change, Mutation, Outcome } from '../../domain/record/mutation.ts';
import { type Clash, type ConfirmedRow, type Row, rowKey, type SealedBlob } from '../../domain/record/row.ts';

/** An outbox entry as the replay needs it, its plain part read. */
export interface ReplayEntry {
  readonly id: MutationId;
  readonly place: number;
  readonly mutation: Mutation;
  /** What the mutation's personal values are filed under in the rows; null when it has none. */
  readonly part: SealedBlob | null;
  readonly actor: Actor;
  readonly outcome: Outcome | null;
  readonly commits: Readonly<Record<string, number>>;
  readonly replay: 0 | 1;
  readonly answeredBy: MutationId | null;
}

export interface Replayed {
  /** Rows on which something was replayed. */
  readonly rows: ReadonlyMap<string, Row>;
  /** What each replayed mutation came to, judged here. */
  readonly verdicts: ReadonlyMap<MutationId, Outcome>;
}

/** Whether the confirmed row holds this change already: by its commit where that is known, else by the traces it leaves. */
export function isIn(row: ConfirmedRow, change: Change, entry: Pick<ReplayEntry, 'id' | 'commits'>): boolean {
  const commit = entry.commits[row.epoch];
  if (commit !== undefined) return row.version >= commit;
  if (change.create) return true;
  const bears = (id: string): boolean => id === entry.id || id.startsWith(`${entry.id}.`);
  return (
    Object.values(row.stamps).some(bears) ||
    Object.values(row.sets).some((members) => Object.keys(members).some(bears)) ||
    row.clashes.some((clash) => namesIn(clash).some(bears))
  );
}

/** The mutations that a clash and its settlement name. */
function namesIn({ late, against, settled }: Clash): readonly string[] {
  if (settled === null) return [late, against];
  return [late, against, settled.by, settled.disputed ?? '', settled.lost?.stamp ?? ''];
}

/**
 * What a stamp stands for: a mutation that left the replay because it was mended or discarded counts as its mend, or as
 * what it had carried.
 */
function readStampIn(entries: ReadonlyMap<MutationId, ReplayEntry>): World['readStamp'] {
  const read = (stamp: MutationId, row: string, field: string): MutationId | null => {
    const entry = entries.get(stamp);
    if (entry === undefined || entry.answeredBy === null || entry.outcome?.is === 'applied') return stamp;
    const mend = entries.get(entry.answeredBy);
    if (mend !== undefined && changeOf(mend, row).some((change) => sets(change, field)))
      return read(mend.id, row, field);
    const carried = changeOf(entry, row)
      .map((change) => change.set?.[field]?.on ?? change.personal?.[field] ?? null)
      .find((on) => on !== null);
    return carried === undefined ? null : read(carried, row, field);
  };
  return read;
}

function changeOf(entry: ReplayEntry, row: string): readonly Change[] {
  return entry.mutation.changes.filter((change) => rowKey(change.row, change.id) === row);
}

function sets(change: Change, field: string): boolean {
  return (
    (change.set !== undefined && field in change.set) ||
    (change.personal !== undefined && field in change.personal)
  );
}

/** In the order of saving; a mend at the place of what it mends, so that what was built on that stands on it. */
function inOrder(entries: readonly ReplayEntry[]): ReplayEntry[] {
  const mended = new Map(
    entries.flatMap((entry) => (entry.answeredBy === null ? [] : [[entry.answeredBy, entry]])),
  );
  const placeOf = (entry: ReplayEntry): number => {
    const before = mended.get(entry.id);
    return before === undefined ? entry.place : placeOf(before);
  };
  return [...entries].sort((a, b) => placeOf(a) - placeOf(b) || a.place - b.place);
}

/**
 * The view: what the server confirmed, with the outbox on top, in the order of saving. Pure: the phone keeps its result
 * and can always work it out anew.
 */
export function replay(
  confirmed: ReadonlyMap<string, ConfirmedRow>,
  entries: readonly ReplayEntry[],
): Replayed {
  const rows = new Map<string, Row>();
  const verdicts = new Map<MutationId, Outcome>();
  const byId = new Map(entries.map((entry) => [entry.id, entry]));
  const world: World = {
    row: (kind, id) => rows.get(rowKey(kind, id)) ?? confirmed.get(rowKey(kind, id)),
    refusedCreator: () => undefined,
    readStamp: readStampIn(byId),
    mayStillArrive: false,
  };
  for (const entry of inOrder(entries)) {
    if (entry.replay === 0) continue;
    const changes = entry.mutation.changes.filter((change) => {
      const row = confirmed.get(rowKey(change.row, change.id));
      return row === undefined || !isIn(row, change, entry);
    });
    if (changes.length === 0 && entry.mutation.changes.length > 0) continue;
    const verdict = apply(world, { ...entry.mutation, changes }, entry.part, entry.actor);
    verdicts.set(entry.id, verdict.outcome);
    for (const row of verdict.rows) rows.set(rowKey(row.kind, row.id), row);
  }
  return { rows, verdicts };
}
