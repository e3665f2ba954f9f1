import type { MutationId } from '../../domain/record/ids.ts';
import type { MutationKind, Outcome } from '../../domain/record/mutation.ts';
import type { Instant } from '../../kernel/clock.ts';
import type { AccountDb } from '../store/open-account-db.ts';
import type { OutboxEntry, OutboxPhase } from '../store/stored.ts';
import { inReview, readSending, type Sending, stateOfEntry, type VisibleState } from './shown-row.ts';

/** One save in Chờ gửi. */
export interface OutboxLine {
  readonly mutation: MutationId;
  readonly kind: MutationKind;
  /** Keys of the rows it touches, its own assist among them. */
  readonly rows: readonly string[];
  /** By the phone's clock. */
  readonly at: Instant;
  readonly state: VisibleState;
  /** Arrived, but the ward has still to compare it. */
  readonly review: boolean;
  readonly outcome: Outcome | null;
  /** The refused save that this one mends or discards; and the save that did so to this one. */
  readonly mends: MutationId | null;
  readonly answeredBy: MutationId | null;
}

function lineOf(entry: OutboxEntry, sending: Sending | null): OutboxLine {
  const { id, kind, rows, savedAt, outcome, mends, answeredBy } = entry;
  const state = stateOfEntry(entry, sending);
  return {
    mutation: id,
    kind,
    rows,
    at: savedAt,
    state,
    review: inReview(entry),
    outcome,
    mends,
    answeredBy,
  };
}

/** Saves of the last days that arrived are listed too, so many at most. */
const ARRIVED_SHOWN = 30;

/** The oldest of a phase: ids are made in the order of saving, so that no more than these are read. */
async function oldestOf(db: AccountDb, phase: OutboxPhase, most: number): Promise<OutboxEntry[]> {
  return db.relaxed.outbox.where('phase').equals(phase).limit(most).toArray();
}

/**
 * Every save that is not settled, oldest first, then the newest that have arrived; of each kind `most` at the most, so
 * that a screen over thousands of them reads a screenful.
 */
export async function outboxList(db: AccountDb, most = Infinity): Promise<readonly OutboxLine[]> {
  const { outbox } = db.relaxed;
  const open = [...(await oldestOf(db, 'needs_you', most)), ...(await oldestOf(db, 'unsent', most))];
  open.sort((a, b) => a.place - b.place);
  const recent = await outbox
    .orderBy('place')
    .reverse()
    .filter((entry) => entry.phase === 'arrived')
    .limit(ARRIVED_SHOWN)
    .toArray();
  const sending = await readSending(db.relaxed);
  return [...open, ...recent].map((entry) => lineOf(entry, sending));
}

/** When the oldest save that still waits was made, by the phone's clock: a warning after three days. */
export async function oldestUnsent(db: AccountDb): Promise<Instant | null> {
  return (await oldestOf(db, 'unsent', 1))[0]?.savedAt ?? null;
}

/** What is held behind a refused save: asked about one by one when that is discarded. */
export async function heldBehind(db: AccountDb, mutation: MutationId): Promise<readonly OutboxLine[]> {
  const entries = await db.relaxed.outbox.where('phase').equals('needs_you').sortBy('place');
  return entries
    .filter((entry) => entry.outcome?.is === 'held' && entry.outcome.behind === mutation)
    .map((entry) => lineOf(entry, null));
}
