import type { MutationId } from '../../domain/record/ids.ts';
import type { Outcome } from '../../domain/record/mutation.ts';
import type { ConfirmedRow, Row } from '../../domain/record/row.ts';
import type { AccountTables } from '../store/account-tables.ts';
import { OUTBOX_PART } from '../store/sealed-part.ts';
import { type OutboxEntry, shownRow, type StoredRow } from '../store/stored.ts';
import { entriesOf, FEW, rowsWithReplay } from './entries-of.ts';
import { mutationOf } from './entry-mutation.ts';
import { replay, type ReplayEntry } from './replay.ts';
import { listDayOf, parentKeyOf } from './row-place.ts';

export function replayEntryOf(entry: OutboxEntry): ReplayEntry {
  const { id, place, actor, outcome, commits, answeredBy } = entry;
  const part = entry.sealed === null ? null : OUTBOX_PART;
  return {
    id,
    place,
    actor,
    outcome,
    commits,
    answeredBy,
    replay: entry.replay,
    part,
    mutation: mutationOf(entry),
  };
}

/**
 * Rows and entries that hang together, held in memory for the length of one transaction: rows are staged, the outbox is
 * replayed over them once, and what changed is written in one go.
 */
export interface RowWorkspace {
  readonly stored: Map<string, StoredRow>;
  readonly entries: Map<MutationId, OutboxEntry>;
  readonly touched: Set<string>;
}

export function emptyWorkspace(): RowWorkspace {
  return { stored: new Map(), entries: new Map(), touched: new Set() };
}

/**
 * Of many keys those that are kept here: a page of a first pull asks for a thousand that are not, and its keys lie side by
 * side, so one look over their stretch tells.
 */
async function keptOf(tables: AccountTables, keys: readonly string[]): Promise<string[]> {
  const sorted = [...keys].sort();
  const [first, last] = [sorted[0], sorted.at(-1)];
  if (keys.length <= FEW || first === undefined || last === undefined) return sorted;
  const here = await tables.rows
    .where(':id')
    .between(first, last, true, true)
    .limit(keys.length)
    .primaryKeys();
  // As many as were looked for: there may be more behind them.
  if (here.length === keys.length) return sorted;
  const kept = new Set(here);
  return sorted.filter((key) => kept.has(key));
}

/** Brings in rows by key, with every entry that names them, and the rows those entries name, and so on. */
export async function loadRows(
  tables: AccountTables,
  space: RowWorkspace,
  keys: readonly string[],
): Promise<void> {
  let wanted = [...new Set(keys)].filter((key) => !space.touched.has(key));
  while (wanted.length > 0) {
    for (const key of wanted) space.touched.add(key);
    const asked = wanted;
    const [rows, entries] = await Promise.all([
      keptOf(tables, asked).then((kept) => (kept.length === 0 ? [] : tables.rows.bulkGet(kept))),
      rowsWithReplay(tables, asked).then((replayed) => entriesOf(tables, replayed)),
    ]);
    for (const row of rows) if (row !== undefined) space.stored.set(row.key, row);
    const next = new Set<string>();
    for (const entry of entries) {
      if (space.entries.has(entry.id)) continue;
      space.entries.set(entry.id, entry);
      for (const key of entry.rows) if (!space.touched.has(key)) next.add(key);
    }
    wanted = [...next];
  }
}

/** The row as it is shown, inside the workspace. */
export function rowIn(space: RowWorkspace, key: string): Row | undefined {
  return shownRow(space.stored.get(key));
}

/** Puts a confirmed row in (or takes it out), keeping what the phone knows of its pulls. */
export function stageConfirmed(
  space: RowWorkspace,
  row: Pick<Row, 'kind' | 'id'> & { readonly key: string },
  confirmed: ConfirmedRow | null,
  pulls: StoredRow['pulls'],
): void {
  const before = space.stored.get(row.key);
  space.stored.set(row.key, {
    key: row.key,
    kind: row.kind,
    id: row.id,
    confirmed,
    replayed: before?.replayed ?? null,
    pulls,
    buckets: Object.keys(pulls),
    day: before?.day ?? '',
    parent: before?.parent ?? '',
  });
}

/** The record as it is to be kept; null: neither confirmed nor waiting, so it is not kept at all. */
function keptRow(before: StoredRow | undefined, key: string, replayed: Row | null): StoredRow | null {
  const confirmed = before?.confirmed ?? null;
  const shown = replayed ?? confirmed;
  if (shown === null) return null;
  return {
    key,
    kind: shown.kind,
    id: shown.id,
    confirmed,
    replayed,
    pulls: before?.pulls ?? {},
    buckets: before?.buckets ?? [],
    day: listDayOf(shown),
    parent: parentKeyOf(shown),
  };
}

/** What a workspace comes to: judged, and not yet written. */
export interface Settling {
  /** What each mutation came to. */
  readonly verdicts: ReadonlyMap<MutationId, Outcome>;
  readonly puts: readonly StoredRow[];
  readonly gone: string[];
}

/** Replays the outbox over the workspace: pure. */
export function workOut(space: RowWorkspace): Settling {
  const confirmed = new Map<string, ConfirmedRow>();
  for (const row of space.stored.values()) if (row.confirmed !== null) confirmed.set(row.key, row.confirmed);
  const result = replay(confirmed, [...space.entries.values()].map(replayEntryOf));
  const puts: StoredRow[] = [];
  const gone: string[] = [];
  for (const key of space.touched) {
    const kept = keptRow(space.stored.get(key), key, result.rows.get(key) ?? null);
    if (kept !== null) puts.push(kept);
    else if (space.stored.has(key)) gone.push(key);
  }
  return { verdicts: result.verdicts, puts, gone };
}

export async function writeRows(tables: AccountTables, { puts, gone }: Settling): Promise<void> {
  await Promise.all([
    puts.length > 0 ? tables.rows.bulkPut(puts) : undefined,
    gone.length > 0 ? tables.rows.bulkDelete(gone) : undefined,
  ]);
}

/** Replays the outbox over the workspace and writes its rows in one go. */
export async function settleRows(tables: AccountTables, space: RowWorkspace): Promise<void> {
  await writeRows(tables, workOut(space));
}
