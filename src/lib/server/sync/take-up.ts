import type { WardId } from '$lib/domain/record/ids.ts';
import { isRevoked } from './actors.ts';
import type { Incoming } from './incoming.ts';
import { refused } from './judge.ts';
import { fromIncoming } from './judgeable.ts';
import { type ReplicaRecord, type SettledRecord, StoreDataFault, type WardWriter } from './store.ts';
import { type BatchWay, WardBatch, type WriteWorld } from './ward-batch.ts';

/** Why the walk over a batch stopped; null: it went through. */
export type UpProblem = 'gap' | 'forked' | null;

/** A known seq under the very same id and bytes; a given-up seq counts whatever the bytes were. */
function isSame(settled: SettledRecord | undefined, incoming: Incoming): boolean {
  if (settled?.id !== incoming.envelope.id) return false;
  return settled.hash === incoming.hash || incoming.reading.is === 'given_up';
}

function isGivenUp(settled: SettledRecord | undefined, incoming: Incoming): boolean {
  const same = settled?.id === incoming.envelope.id && settled.outcome.is === 'given_up';
  return same && incoming.reading.is !== 'given_up';
}

/** The same seq once more, of an earlier batch or of this one. */
function isRepeat(
  fresh: readonly Incoming[],
  known: ReadonlyMap<number, SettledRecord>,
  incoming: Incoming,
): boolean {
  const { seq, id } = incoming.envelope;
  const twin = fresh.find((other) => other.envelope.seq === seq);
  return twin ? twin.hash === incoming.hash && twin.envelope.id === id : isSame(known.get(seq), incoming);
}

interface Sorted {
  readonly fresh: readonly Incoming[];
  /** Bytes for seqs that had been given up: no network let them through, a file did. */
  readonly late: readonly Incoming[];
  readonly problem: UpProblem;
}

/** What the batch's seqs came to before. A carried file names given-up ones of long ago beside the newest. */
async function knownSeqs(
  tx: WardWriter,
  replica: ReplicaRecord,
  batch: readonly Incoming[],
): Promise<ReadonlyMap<number, SettledRecord>> {
  const first = batch[0]?.envelope.seq ?? 1;
  const last = Math.min(batch.at(-1)?.envelope.seq ?? first, replica.lastSeq);
  if (first > last) return new Map();
  const settled = await tx.settled(replica.replica, first - 1, last, last - first + 1);
  return new Map(settled.map((record) => [record.seq, record]));
}

/** Walks the batch in seq order: repeats are passed over, the first strange or missing seq ends it. */
async function sortOut(tx: WardWriter, replica: ReplicaRecord, batch: readonly Incoming[]): Promise<Sorted> {
  const known = await knownSeqs(tx, replica, batch);
  const fresh: Incoming[] = [];
  const late: Incoming[] = [];
  for (const incoming of batch) {
    const { seq } = incoming.envelope;
    const expected = replica.lastSeq + fresh.length + 1;
    if (seq > expected) return { fresh, late, problem: 'gap' };
    if (seq === expected) fresh.push(incoming);
    else if (isGivenUp(known.get(seq), incoming)) late.push(incoming);
    else if (!isRepeat(fresh, known, incoming)) return { fresh, late, problem: 'forked' };
  }
  return { fresh, late, problem: null };
}

/** One transaction for one batch. */
async function takeBatch(
  tx: WardWriter,
  at: { readonly world: WriteWorld; readonly ward: WardId; readonly replica: ReplicaRecord['replica'] },
  incoming: readonly Incoming[],
  way: BatchWay,
): Promise<UpProblem> {
  const { world, ward } = at;
  const replica = await tx.replica(at.replica);
  if (replica === null) throw new Error('the replica is gone');
  const { fresh, late, problem } = await sortOut(tx, replica, incoming);
  if (fresh.length + late.length === 0) return problem;
  const batch = await WardBatch.open(tx, world, ward);
  const revoked = replica.revoked || isRevoked(await tx.grants(replica.person));
  const now = world.clock.now();
  const items = fresh.map((each) => fromIncoming(each, replica, now));
  const ways = { ...way, forced: way.forced ?? (revoked ? refused('revoked') : null) };
  const lateItems = late.map((each) => fromIncoming(each, replica, now, true));
  if (lateItems.length > 0) await batch.judgeLate(lateItems, ways);
  await batch.judge(items, ways);
  await batch.commit(replica, replica.lastSeq + fresh.length);
  return problem;
}

/**
 * Takes what a replica brings, exactly once. When data cannot be written the batch is halved until the bad one is alone;
 * that one is kept aside as `refused: internal`. Failures of the machinery fail the request.
 */
export async function takeUp(
  world: WriteWorld,
  ward: WardId,
  replica: ReplicaRecord['replica'],
  batch: readonly Incoming[],
): Promise<UpProblem> {
  if (batch.length === 0) return null;
  const inOrder = [...batch].sort((a, b) => a.envelope.seq - b.envelope.seq);
  try {
    return await takeOnce(world, ward, replica, inOrder, { forced: null, leftovers: true });
  } catch (error) {
    if (!(error instanceof StoreDataFault)) throw error;
  }
  return takeHalved(world, ward, replica, inOrder);
}

function takeOnce(
  world: WriteWorld,
  ward: WardId,
  replica: ReplicaRecord['replica'],
  batch: readonly Incoming[],
  way: BatchWay,
): Promise<UpProblem> {
  return world.store.write(ward, (tx) => takeBatch(tx, { world, ward, replica }, batch, way));
}

async function takeHalved(
  world: WriteWorld,
  ward: WardId,
  replica: ReplicaRecord['replica'],
  batch: readonly Incoming[],
): Promise<UpProblem> {
  try {
    return await takeOnce(world, ward, replica, batch, { forced: null, leftovers: false });
  } catch (error) {
    if (!(error instanceof StoreDataFault)) throw error;
  }
  if (batch.length === 1) {
    return takeOnce(world, ward, replica, batch, { forced: refused('internal'), leftovers: false });
  }
  const half = Math.ceil(batch.length / 2);
  return (
    (await takeHalved(world, ward, replica, batch.slice(0, half))) ??
    (await takeHalved(world, ward, replica, batch.slice(half)))
  );
}
