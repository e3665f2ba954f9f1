import type { PersonId, ReplicaId, WardId } from '$lib/domain/record/ids.ts';
import { type Attempt, withoutBadData } from './bad-data.ts';
import type { Incoming } from './incoming.ts';
import { refused } from './judge.ts';
import { fromIncoming, mutationOf } from './judgeable.ts';
import {
  type ReplicaMark,
  type ReplicaRecord,
  type SettledRecord,
  StoreDataFault,
  type WardWriter,
} from './store.ts';
import { type BatchWay, type Expected, WardBatch, type WriteWorld } from './ward-batch.ts';

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

/** Walks the batch in seq order: repeats are passed over, the first strange or missing seq ends it. */
function sortOut(
  lastSeq: number,
  known: ReadonlyMap<number, SettledRecord>,
  batch: readonly Incoming[],
): Sorted {
  const fresh: Incoming[] = [];
  const late: Incoming[] = [];
  for (const incoming of batch) {
    const { seq } = incoming.envelope;
    const expected = lastSeq + fresh.length + 1;
    if (seq > expected) return { fresh, late, problem: 'gap' };
    if (seq === expected) fresh.push(incoming);
    else if (isGivenUp(known.get(seq), incoming)) late.push(incoming);
    else if (!isRepeat(fresh, known, incoming)) return { fresh, late, problem: 'forked' };
  }
  return { fresh, late, problem: null };
}

/** What one replica brings, in seq order, read and opened before any lock is had. */
export interface Delivery {
  readonly replica: ReplicaId;
  readonly person: PersonId;
  readonly batch: readonly Incoming[];
}

interface Standing {
  readonly replica: ReplicaRecord;
  /** What the batch's seqs came to before. A carried file names given-up ones of long ago beside the newest. */
  readonly known: ReadonlyMap<number, SettledRecord>;
}

async function standingOf(tx: WardWriter, { replica: id, batch }: Delivery): Promise<Standing> {
  const first = batch[0]?.envelope.seq ?? 1;
  const last = batch.at(-1)?.envelope.seq ?? first;
  const [replica, settled] = await Promise.all([
    tx.replica(id),
    tx.settled(id, first - 1, last, last - first + 1),
  ]);
  if (replica === null) throw new Error('the replica is gone');
  return { replica, known: new Map(settled.map((record) => [record.seq, record])) };
}

function expectedOf(deliveries: readonly Delivery[]): Expected {
  const all = deliveries.flatMap(({ batch }) => batch);
  return {
    persons: deliveries.map(({ person }) => person),
    ids: all.map(({ envelope }) => envelope.id),
    mutations: all.flatMap((incoming) => mutationOf(incoming) ?? []),
  };
}

/**
 * Several deliveries, each of another replica, as one commit. Each is judged as if it came alone after those before it;
 * the way out of a fault is to take them one by one.
 */
export async function takeTogether(
  world: WriteWorld,
  ward: WardId,
  deliveries: readonly Delivery[],
  way: BatchWay,
  attempt?: Attempt,
): Promise<readonly UpProblem[]> {
  return world.store.write(ward, async (tx) => {
    const [batch, ...standing] = await Promise.all([
      WardBatch.open(tx, world, ward, expectedOf(deliveries), attempt),
      ...deliveries.map((delivery) => standingOf(tx, delivery)),
    ]);
    const now = world.clock.now();
    const moved: ReplicaMark[] = [];
    const problems: UpProblem[] = [];
    for (const [at, { replica, known }] of standing.entries()) {
      const { fresh, late, problem } = sortOut(replica.lastSeq, known, deliveries[at]?.batch ?? []);
      problems.push(problem);
      if (fresh.length + late.length === 0) continue;
      const revoked = replica.revoked || batch.isEnded(replica.person);
      const ways = { ...way, forced: way.forced ?? (revoked ? refused('revoked') : null) };
      const lateItems = late.map((each) => fromIncoming(each, replica, now, true));
      if (lateItems.length > 0) await batch.judgeLate(lateItems, ways);
      const items = fresh.map((each) => fromIncoming(each, replica, now));
      await batch.judge(items, ways);
      moved.push({ replica: replica.replica, lastSeq: replica.lastSeq + fresh.length });
    }
    if (moved.length > 0) await batch.commit(moved);
    return problems;
  });
}

/**
 * One delivery by itself. When data cannot be written the batch is halved until the bad one is alone; that one, or the
 * earlier record that it sets free, is kept aside as `refused: internal`. Failures of the machinery fail the request.
 */
export async function takeAlone(world: WriteWorld, ward: WardId, delivery: Delivery): Promise<UpProblem> {
  try {
    return await takeOnce(world, ward, delivery, { forced: null, leftovers: true });
  } catch (error) {
    if (!(error instanceof StoreDataFault)) throw error;
  }
  return takeHalved(world, ward, delivery);
}

async function takeOnce(
  world: WriteWorld,
  ward: WardId,
  delivery: Delivery,
  way: BatchWay,
  attempt?: Attempt,
): Promise<UpProblem> {
  const [problem] = await takeTogether(world, ward, [delivery], way, attempt);
  return problem ?? null;
}

async function takeHalved(world: WriteWorld, ward: WardId, delivery: Delivery): Promise<UpProblem> {
  const { batch } = delivery;
  const take = (attempt?: Attempt): Promise<UpProblem> =>
    takeOnce(world, ward, delivery, { forced: null, leftovers: false }, attempt);
  try {
    return await (batch.length === 1 ? withoutBadData(take) : take());
  } catch (error) {
    if (!(error instanceof StoreDataFault)) throw error;
  }
  if (batch.length === 1) {
    return takeOnce(world, ward, delivery, { forced: refused('internal'), leftovers: false });
  }
  const half = Math.ceil(batch.length / 2);
  return (
    (await takeHalved(world, ward, { ...delivery, batch: batch.slice(0, half) })) ??
    (await takeHalved(world, ward, { ...delivery, batch: batch.slice(half) }))
  );
}
