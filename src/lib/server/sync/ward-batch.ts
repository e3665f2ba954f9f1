import type { MutationId, WardId } from '$lib/domain/record/ids.ts';
import type { Outcome } from '$lib/domain/record/mutation.ts';
import type { Clock } from '$lib/kernel/clock.ts';
import type { Random } from '$lib/kernel/random.ts';
import type { ServerKeys } from '../keys/server-keys.ts';
import { Actors } from './actors.ts';
import { assembleChanges } from './assemble-changes.ts';
import { BatchJudgement } from './batch-judgement.ts';
import { mayStillArrive } from './epochs.ts';
import type { Judged } from './judge.ts';
import { type Judgeable, mutationOf } from './judgeable.ts';
import { placeRows } from './place-rows.ts';
import type { AliasRecord, MutationRecord, ReplicaRecord, SyncStore, WardWriter } from './store.ts';
import { WardWorld } from './ward-world.ts';

/** What writing needs: storage, secrets, time and chance. */
export interface WriteWorld {
  readonly store: SyncStore;
  readonly keys: ServerKeys;
  readonly clock: Clock;
  readonly random: Random;
}

export interface BatchWay {
  /** The outcome of a revoked phone's records, or of data that could not be written. */
  readonly forced: Judged | null;
  /** Also judge what earlier batches left. Not after a fault: the fault may lie there. */
  readonly leftovers: boolean;
}

type Original = Pick<MutationRecord, 'hash' | 'outcome'>;

/** One batch in one ward transaction: read, judge in memory, write set-based. */
export class WardBatch {
  readonly #tx: WardWriter;
  readonly #world: WriteWorld;
  readonly #ward: WardId;
  readonly #base: number;
  readonly #epoch: string;
  readonly #rows: WardWorld;
  readonly #judgement: BatchJudgement;
  readonly #aliases: AliasRecord[] = [];

  private constructor(
    tx: WardWriter,
    world: WriteWorld,
    ward: WardId,
    now: { base: number; epoch: string; open: boolean },
  ) {
    this.#tx = tx;
    this.#world = world;
    this.#ward = ward;
    this.#base = now.base;
    this.#epoch = now.epoch;
    this.#rows = new WardWorld(tx, ward, world.keys, now.open);
    this.#judgement = new BatchJudgement(tx, this.#rows, new Actors(tx, ward), now.base + 1);
  }

  static async open(tx: WardWriter, world: WriteWorld, ward: WardId): Promise<WardBatch> {
    const epochs = await tx.epochs();
    const { version } = await tx.state();
    const now = { base: version, epoch: epochs[0]?.id ?? '', open: mayStillArrive(epochs, world.clock) };
    return new WardBatch(tx, world, ward, now);
  }

  /** First version of the commit to come. */
  get commitVersion(): number {
    return this.#base + 1;
  }

  /** Judges items in the order given. What this account has brought before has its original outcome. */
  async judge(items: readonly Judgeable[], way: BatchWay): Promise<readonly Outcome[]> {
    const earlier = await this.#earlier(items);
    await this.#rows.known.load(items.map((item) => item.id));
    await this.#rows.prepare(items.flatMap((item) => mutationOf(item) ?? []));
    if (way.leftovers && way.forced === null) await this.#judgement.takeLeftovers();
    for (const item of items) {
      const original = earlier.get(originalName(item)) ?? this.#here(item);
      if (original) this.#aliases.push(aliasOf(item, original, this.commitVersion));
      else await this.#judgement.take(item, way.forced);
    }
    // Asked last: a later mend in the same batch may have freed an earlier one.
    return items.map((item) => this.#outcomeOf(item, earlier.get(originalName(item))));
  }

  /** Judges what comes late for seqs that had been given up. */
  async judgeLate(items: readonly Judgeable[], way: BatchWay): Promise<void> {
    await this.#rows.known.load(items.map((item) => item.id));
    await this.#rows.prepare(items.flatMap((item) => mutationOf(item) ?? []));
    for (const item of items) await this.#judgement.takeLate(item, way.forced);
  }

  async commit(replica: ReplicaRecord, lastSeq: number): Promise<void> {
    const placed = await placeRows(this.#tx, this.#rows, this.#ward);
    const assembly = {
      ward: this.#ward,
      base: this.#base,
      epoch: this.#epoch,
      at: this.#world.clock.now(),
      random: this.#world.random,
      replica,
      lastSeq,
    };
    await this.#tx.commit(assembleChanges(assembly, this.#judgement, this.#rows, placed, this.#aliases));
  }

  #outcomeOf(item: Judgeable, original: Original | undefined): Outcome {
    return (
      original?.outcome ?? this.#judgement.fresh.get(item.id)?.outcome ?? { is: 'refused', code: 'internal' }
    );
  }

  /** Ids this same account has brought before, under whatever replica. Ids of other accounts never match. */
  async #earlier(items: readonly Judgeable[]): Promise<ReadonlyMap<string, Original>> {
    const records = await this.#tx.mutations(items.map((item) => item.id));
    return new Map(records.map((record) => [originalName(record), record]));
  }

  #here(item: Judgeable): Original | undefined {
    const fresh = this.#judgement.fresh.get(item.id);
    return fresh && { hash: fresh.item.hash, outcome: fresh.outcome };
  }
}

function originalName(of: { readonly id: MutationId; readonly person: string }): string {
  return `${of.id}|${of.person}`;
}

/** The same bytes have the original's outcome; other bytes under a known id are nobody's honest work. */
function aliasOf(item: Judgeable, original: Original, commit: number): AliasRecord {
  const same = original.hash === item.hash || item.reading.is === 'given_up';
  const outcome: Outcome | null = same ? null : { is: 'refused', code: 'malformed' };
  const { replica, seq, id, person, hash } = item;
  return { replica, seq, id, person, hash, outcome, commit };
}
