import { openClashes, type Row, type RowKind } from '../../domain/record/row.ts';
import type { RowId } from '../../domain/record/ids.ts';
import type { AccountTables } from '../store/account-tables.ts';
import { readMeta } from '../store/meta.ts';
import { type OutboxEntry, shownRow, type StoredRow } from '../store/stored.ts';
import { entriesOf } from './entries-of.ts';

/** The one visible state of a save, and of a record: its least settled save's (promise I11). */
export type VisibleState = 'on_phone' | 'sending' | 'arrived' | 'needs_you';

/** A record as a screen shows it; commands take it back, so that they stand on the stamps that were shown. */
export interface ShownRow {
  readonly key: string;
  readonly kind: RowKind;
  readonly id: RowId;
  /** Day it is listed under, or ''. */
  readonly day: string;
  readonly row: Row;
  /** True while something on this phone is not yet in what the server confirmed. */
  readonly pending: boolean;
  readonly state: VisibleState;
  /** Arrived, but the ward has still to compare it ("phường đang chờ đối chiếu"). */
  readonly review: boolean;
  /** Open clashes. */
  readonly clashes: number;
}

/** Seqs of the present replica that are on their way at this moment. */
export interface Sending {
  readonly replica: string;
  readonly from: number;
  readonly to: number;
}

export async function readSending(tables: AccountTables): Promise<Sending | null> {
  const [lease, replica] = await Promise.all([readMeta(tables, 'lease'), readMeta(tables, 'replica')]);
  const range = lease?.sending ?? null;
  return range === null || replica === undefined
    ? null
    : { replica: replica.id, from: range[0], to: range[1] };
}

export function stateOfEntry(
  entry: Pick<OutboxEntry, 'phase' | 'replica' | 'seq'>,
  sending: Sending | null,
): VisibleState {
  if (entry.phase !== 'unsent') return entry.phase;
  const onItsWay =
    sending !== null &&
    entry.replica === sending.replica &&
    entry.seq >= sending.from &&
    entry.seq <= sending.to;
  return onItsWay ? 'sending' : 'on_phone';
}

/** From the least settled to the most. */
const ORDER: readonly VisibleState[] = ['needs_you', 'on_phone', 'sending', 'arrived'];

export function stateOfRecord(entries: readonly OutboxEntry[], sending: Sending | null): VisibleState {
  const states = new Set(entries.map((entry) => stateOfEntry(entry, sending)));
  return ORDER.find((state) => states.has(state)) ?? 'arrived';
}

export function inReview(entry: Pick<OutboxEntry, 'outcome'>): boolean {
  return entry.outcome?.is === 'waiting' || entry.outcome?.is === 'unknown_kind';
}

/** One picture for all that a list reads: outside a transaction every read would open one of its own. */
export function asOneRead<T>(tables: AccountTables, read: () => Promise<T>): PromiseLike<T> {
  return tables.transaction('r', [tables.rows, tables.outbox, tables.meta], read);
}

/** Puts state and clashes to stored rows. Reads the outbox once for all of them; `known`: what is on its way, as read. */
export async function showRows(
  tables: AccountTables,
  stored: readonly StoredRow[],
  known?: Sending | null,
): Promise<ShownRow[]> {
  const keys = stored.map((row) => row.key);
  const [entries, sending] = await Promise.all([
    entriesOf(tables, keys),
    known === undefined ? readSending(tables) : known,
  ]);
  const byRow = new Map<string, OutboxEntry[]>();
  for (const entry of entries) {
    for (const key of entry.rows) {
      const own = byRow.get(key);
      if (own === undefined) byRow.set(key, [entry]);
      else own.push(entry);
    }
  }
  return stored.flatMap((record): ShownRow[] => {
    const row = shownRow(record);
    if (row === undefined) return [];
    const own = byRow.get(record.key) ?? [];
    return [
      {
        key: record.key,
        kind: record.kind,
        id: record.id,
        day: record.day,
        row,
        pending: record.replayed !== null,
        state: stateOfRecord(own, sending),
        review: own.some(inReview),
        clashes: openClashes(row).length,
      },
    ];
  });
}
