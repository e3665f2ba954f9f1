import type { ReplicaId } from '../../domain/record/ids.ts';
import type { Instant } from '../../kernel/clock.ts';
import type { Envelope } from '../../protocol/envelope.ts';
import type { RoundRequest } from '../../protocol/round.ts';
import type { AccountTables } from '../store/account-tables.ts';
import { guardCode } from '../store/code-guard.ts';
import { readMeta, writeMeta } from '../store/meta.ts';
import { Abort } from '../store/storage-fault.ts';
import type { MetaShapes, OutboxEntry, StoredBucket } from '../store/stored.ts';
import { firstBatch } from './batch-size.ts';

/** A round as it was begun: what its answer is held against. */
export interface BegunRound {
  readonly holder: string;
  readonly replica: ReplicaId;
  readonly token: string;
  /** The epoch that the phone was in; null: in none yet. */
  readonly epoch: string | null;
  readonly request: RoundRequest;
  /** Data key that rows come down under. */
  readonly pullKey: string | null;
  /** Entries on their way. */
  readonly sent: number;
}

export type BeginFault =
  { readonly kind: 'not_enrolled' } | { readonly kind: 'lease_lost' } | { readonly kind: 'fork_first' };

export interface RoundAsk {
  readonly pullKey: string | null;
  /** Rows are wanted even when nothing is to go up. */
  readonly mustAsk: boolean;
  /** The phone's clock, and the build: told to the server, which only shows them. */
  readonly at: Instant;
  readonly app: string;
}

/** One request unpacks to less than this on the server's side too (its limit is 4 MB). */
const BATCH_BYTES = 2_500_000;
const PAGE_ROWS = 1000;
/** Of the very first page: a screenful of every kind, so that somebody sees a list while the others come. */
const FIRST_ROWS = 150;

/**
 * Reads what is to go and marks it as on its way, in one transaction. Null: there is nothing to send and no rows are
 * asked for. Aborts when the lease is somebody else's.
 */
export function beginRound(
  tables: AccountTables,
  holder: string,
  ask: RoundAsk,
): PromiseLike<BegunRound | null> {
  return tables.transaction('rw', [tables.meta, tables.outbox, tables.buckets, tables.keys], async () => {
    // Asked together: each wait for the disk's process is part of the way.
    const [batch, epoch, buckets, waiting, { replica, lease }] = await Promise.all([
      readMeta(tables, 'batch'),
      readMeta(tables, 'epoch'),
      tables.buckets.toArray(),
      tables.outbox.where('phase').equals('unsent').count(),
      mayBegin(tables, holder),
    ]);
    const { pullKey } = ask;
    const entries = await nextEntries(tables, replica, batch);
    if (entries.length === 0 && !ask.mustAsk) return null;
    const [keys] = await Promise.all([
      keysFor(tables, entries, pullKey),
      writeMeta(tables, 'lease', { ...lease, sending: rangeOf(entries) }),
    ]);
    const request: RoundRequest = {
      replica: replica.id,
      heardTo: replica.heardTo,
      rowsTo: replica.rowsTo,
      receipt: epoch?.receipt ?? null,
      up: entries.map(envelopeOf),
      keys,
      down: pullKey === null ? null : downOf(buckets, pullKey),
      unsent: leftAfter(waiting, entries),
      at: ask.at,
      app: ask.app.slice(0, 80),
    };
    const { id, token } = replica;
    return { holder, replica: id, token, epoch: epoch?.id ?? null, request, pullKey, sent: entries.length };
  });
}

async function mayBegin(
  tables: AccountTables,
  holder: string,
): Promise<{ readonly replica: MetaShapes['replica']; readonly lease: MetaShapes['lease'] }> {
  const [replica, lease, nextReplica] = await Promise.all([
    readMeta(tables, 'replica'),
    readMeta(tables, 'lease'),
    readMeta(tables, 'nextReplica'),
    guardCode(tables),
  ]);
  if (replica === undefined) throw new Abort<BeginFault>({ kind: 'not_enrolled' });
  if (lease?.holder !== holder) throw new Abort<BeginFault>({ kind: 'lease_lost' });
  if (nextReplica !== undefined) throw new Abort<BeginFault>({ kind: 'fork_first' });
  return { replica, lease };
}

async function nextEntries(
  tables: AccountTables,
  replica: MetaShapes['replica'],
  batch: MetaShapes['batch'] | undefined,
): Promise<OutboxEntry[]> {
  const size = batch?.size ?? firstBatch();
  const entries = await tables.outbox
    .where('[replica+seq]')
    .between([replica.id, replica.heardTo + 1], [replica.id, Infinity])
    .limit(size)
    .toArray();
  return fitting(entries);
}

/** What still waits on the phone once these have arrived. */
function leftAfter(waiting: number, going: readonly OutboxEntry[]): number {
  return Math.max(0, waiting - going.filter(({ phase }) => phase === 'unsent').length);
}

function rangeOf(entries: readonly OutboxEntry[]): readonly [number, number] | null {
  const first = entries[0];
  const last = entries.at(-1);
  return first === undefined || last === undefined ? null : [first.seq, last.seq];
}

function fitting(entries: readonly OutboxEntry[]): OutboxEntry[] {
  const fit: OutboxEntry[] = [];
  let bytes = 0;
  for (const entry of entries) {
    bytes += entry.plain.length * 1.5 + (entry.sealed?.length ?? 0);
    if (fit.length > 0 && bytes > BATCH_BYTES) break;
    fit.push(entry);
  }
  return fit;
}

/** The bytes as they were written; or, for one that can never be let through, an empty envelope under its seq. */
export function envelopeOf(entry: OutboxEntry): Envelope {
  const { seq, id, plain, sealed, key, givesUp } = entry;
  return givesUp ? { seq, id, plain: '', sealed: null, key: null } : { seq, id, plain, sealed, key };
}

async function keysFor(
  tables: AccountTables,
  entries: readonly OutboxEntry[],
  pullKey: string | null,
): Promise<RoundRequest['keys']> {
  const named = new Set(entries.flatMap((entry) => (entry.key === null ? [] : [entry.key])));
  if (pullKey !== null) named.add(pullKey);
  const found = await tables.keys.bulkGet([...named]);
  return found.filter((key) => key !== undefined).slice(0, 20);
}

function downOf(buckets: readonly StoredBucket[], key: string): RoundRequest['down'] {
  const cursors = Object.fromEntries(
    buckets.filter(({ cursor }) => cursor !== '').map(({ bucket, cursor }) => [bucket, cursor]),
  );
  return { cursors, limit: Object.keys(cursors).length === 0 ? FIRST_ROWS : PAGE_ROWS, key };
}
