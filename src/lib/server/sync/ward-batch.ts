import type { MutationId, PersonId, WardId } from '$lib/domain/record/ids.ts';
import { type Mutation, MUTATION_KINDS, type Outcome } from '$lib/domain/record/mutation.ts';
import type { Clock } from '$lib/kernel/clock.ts';
import type { Random } from '$lib/kernel/random.ts';
import type { ServerKeys } from '../keys/server-keys.ts';
import { Actors } from './actors.ts';
import { assembleChanges } from './assemble-changes.ts';
import { type Attempt, plainAttempt, Rehearsed } from './bad-data.ts';
import { BatchJudgement } from './batch-judgement.ts';
import { mayStillArrive } from './epochs.ts';
import type { Judged } from './judge.ts';
import { type Judgeable, mutationOf } from './judgeable.ts';
import type { Original } from './known-mutations.ts';
import { PendingCauses } from './pending-causes.ts';
import { placeRows } from './place-rows.ts';
import type { AliasRecord, ReplicaMark, SyncStore, WardWriter } from './store.ts';
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

/** What a batch will be about, as far as it is known before the lock is had: everything is then asked for at once. */
export interface Expected {
  readonly persons: readonly PersonId[];
  readonly ids: readonly MutationId[];
  readonly mutations: readonly Mutation[];
}

const UNKNOWN_KINDS_AT_ONCE = 50;

/** One or more deliveries in one ward transaction: read, judge in memory, write set-based. */
export class WardBatch {
  readonly #tx: WardWriter;
  readonly #world: WriteWorld;
  readonly #ward: WardId;
  readonly #base: number;
  readonly #epoch: string;
  readonly #rows: WardWorld;
  readonly #actors: Actors;
  readonly #judgement: BatchJudgement;
  readonly #attempt: Attempt;
  readonly #aliases: AliasRecord[] = [];
  /** Kept intents that this build has learned since; null: they have had their turn. */
  #learned: readonly MutationId[] | null;

  private constructor(
    tx: WardWriter,
    world: WriteWorld,
    ward: WardId,
    now: {
      base: number;
      epoch: string;
      rows: WardWorld;
      actors: Actors;
      pending: PendingCauses;
      learned: readonly MutationId[];
      attempt: Attempt;
    },
  ) {
    this.#tx = tx;
    this.#world = world;
    this.#ward = ward;
    this.#base = now.base;
    this.#epoch = now.epoch;
    this.#rows = now.rows;
    this.#actors = now.actors;
    this.#learned = now.learned;
    this.#attempt = now.attempt;
    this.#judgement = new BatchJudgement(tx, now.rows, now, now.base + 1);
  }

  static async open(
    tx: WardWriter,
    world: WriteWorld,
    ward: WardId,
    expected: Expected,
    attempt = plainAttempt(),
  ): Promise<WardBatch> {
    const rows = new WardWorld(tx, ward, world.keys);
    const actors = new Actors(tx, ward);
    const pending = new PendingCauses(tx);
    const [epochs, { version }, learned] = await Promise.all([
      tx.epochs(),
      tx.state(),
      tx.unknownKinds(MUTATION_KINDS, UNKNOWN_KINDS_AT_ONCE),
      pending.load(),
      rows.known.load(expected.ids),
      rows.loadNamed(expected.mutations),
      ...[...new Set(expected.persons)].map((person) => actors.load(person)),
    ]);
    rows.mayStillArrive = mayStillArrive(epochs, world.clock);
    const epoch = epochs[0]?.id ?? '';
    return new WardBatch(tx, world, ward, { base: version, epoch, rows, actors, pending, learned, attempt });
  }

  /** First version of the commit to come. */
  get commitVersion(): number {
    return this.#base + 1;
  }

  /** Nobody's any more. The person must have been expected. */
  isEnded(person: PersonId): boolean {
    return this.#actors.isEnded(person);
  }

  /** Judges items in the order given. What this account has brought before has its original outcome. */
  async judge(items: readonly Judgeable[], way: BatchWay): Promise<readonly Outcome[]> {
    await this.#prepare(items);
    const { known } = this.#rows;
    const earlier = new Map(items.map((item) => [item, known.brought(item.id, item.person)]));
    if (way.leftovers && way.forced === null) await this.#takeLeftovers();
    for (const item of items) {
      const original = earlier.get(item) ?? this.#here(item);
      if (original) this.#aliases.push(aliasOf(item, original, this.commitVersion));
      else await this.#judgement.take(item, way.forced);
    }
    // Asked last: a later mend in the same batch may have freed an earlier one.
    return items.map((item) => this.#outcomeOf(item, earlier.get(item)));
  }

  /** Judges what comes late for seqs that had been given up. */
  async judgeLate(items: readonly Judgeable[], way: BatchWay): Promise<void> {
    await this.#prepare(items);
    for (const item of items) await this.#judgement.takeLate(item, way.forced);
  }

  async #prepare(items: readonly Judgeable[]): Promise<void> {
    await this.#rows.known.load(items.map((item) => item.id));
    await this.#rows.prepare(items.flatMap((item) => mutationOf(item) ?? []));
  }

  async #takeLeftovers(): Promise<void> {
    if (this.#learned === null) return;
    const learned = this.#learned;
    this.#learned = null;
    await this.#judgement.takeLeftovers(learned);
  }

  async commit(replicas: readonly ReplicaMark[]): Promise<void> {
    const placed = await placeRows(this.#tx, this.#rows, this.#ward);
    const assembly = {
      ward: this.#ward,
      base: this.#base,
      epoch: this.#epoch,
      at: this.#world.clock.now(),
      random: this.#world.random,
      replicas,
    };
    await this.#tx.commit(assembleChanges(assembly, this.#judgement, this.#rows, placed, this.#aliases));
    if (this.#attempt.rehearsal) throw new Rehearsed('rehearsed');
  }

  #outcomeOf(item: Judgeable, original: Original | undefined): Outcome {
    return (
      original?.outcome ?? this.#judgement.fresh.get(item.id)?.outcome ?? { is: 'refused', code: 'internal' }
    );
  }

  #here(item: Judgeable): Original | undefined {
    const fresh = this.#judgement.fresh.get(item.id);
    return fresh && { hash: fresh.item.hash, outcome: fresh.outcome };
  }
}

/** The same bytes have the original's outcome; other bytes under a known id are nobody's honest work. */
function aliasOf(item: Judgeable, original: Original, commit: number): AliasRecord {
  const same = original.hash === item.hash || item.reading.is === 'given_up';
  const outcome: Outcome | null = same ? null : { is: 'refused', code: 'malformed' };
  const { replica, seq, id, person, hash } = item;
  return { replica, seq, id, person, hash, outcome, commit };
}
