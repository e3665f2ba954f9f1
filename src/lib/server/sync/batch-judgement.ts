import { can } from '$lib/domain/people/permissions.ts';
import type { Actor } from '$lib/domain/people/roles.ts';
import type { MutationId, PersonId, ReplicaId } from '$lib/domain/record/ids.ts';
import type { Mutation, Outcome } from '$lib/domain/record/mutation.ts';
import type { Json } from '$lib/kernel/json.ts';
import { rowKey } from '$lib/domain/record/row.ts';
import { residentsOfQuarantined, sealQuarantined } from '../records/quarantine-values.ts';
import type { Acting, Actors } from './actors.ts';
import type { Attempt } from './bad-data.ts';
import { closeGap } from './close-gap.ts';
import { deedDone, judgeSafely, type Judged, mayEnd, refused } from './judge.ts';
import { createdKeys, fromQuarantine, type Judgeable, kindOf, mutationOf } from './judgeable.ts';
import type { PendingCauses } from './pending-causes.ts';
import type { ChangedMutation, QuarantineEntry, RowRef, WardReader } from './store.ts';
import type { WardWorld } from './ward-world.ts';

/** A record that came with this batch, and what became of it. */
export interface Fresh {
  readonly item: Judgeable;
  readonly outcome: Outcome;
}

export interface Touched extends RowRef {
  readonly mutation: MutationId;
  readonly sealed: string | null;
}

/** What a judged record sets free: others were held behind it, or waited for it. */
interface Cause {
  readonly name: string;
  readonly discarded: boolean;
}

/**
 * Judges a batch in seq order. Whatever a record sets free is judged at once, before the next one: an edit that comes
 * later must find it standing.
 */
export class BatchJudgement {
  readonly fresh = new Map<MutationId, Fresh>();
  readonly changed = new Map<MutationId, ChangedMutation>();
  readonly quarantine = new Map<string, QuarantineEntry>();
  readonly touched: Touched[] = [];
  readonly closed: { replica: ReplicaId; lastSeq: number }[] = [];
  readonly #tx: WardReader;
  readonly #world: WardWorld;
  readonly #actors: Actors;
  readonly #commit: number;
  readonly #pending: PendingCauses;
  readonly #attempt: Attempt;

  constructor(
    tx: WardReader,
    world: WardWorld,
    { actors, pending, attempt }: { actors: Actors; pending: PendingCauses; attempt: Attempt },
    commit: number,
  ) {
    this.#tx = tx;
    this.#world = world;
    this.#actors = actors;
    this.#commit = commit;
    this.#pending = pending;
    this.#attempt = attempt;
  }

  /** `forced`: an outcome decided beforehand (revoked phone, data that cannot be written). */
  async take(item: Judgeable, forced: Judged | null): Promise<Outcome> {
    await this.#actors.load(item.person);
    const acting = this.#actingOf(item);
    const judged = forced ?? (await this.#judgeFresh(item, acting));
    await this.#record(item, judged, acting);
    return judged.outcome;
  }

  /** The bytes of a given-up seq: judged now, in place of the empty envelope that had kept its place. */
  async takeLate(item: Judgeable, forced: Judged | null): Promise<void> {
    const given = (await this.#entries(item.id)).find(
      ({ outcome, person, settled }) =>
        outcome.is === 'given_up' && person === item.person && settled === null,
    );
    if (given === undefined) return;
    this.quarantine.set(entryName(given), { ...given, settled: { is: 'applied' } });
    await this.take(item, forced);
  }

  /** What earlier batches left: intents this build has learned since, and what has waited until nobody can come any more. */
  async takeLeftovers(learned: readonly MutationId[]): Promise<void> {
    const expired = this.#world.mayStillArrive ? [] : this.#pending.takeWaiting();
    for (const id of [...learned, ...expired]) {
      for (const entry of await this.#entries(id)) await this.#judgeAgain(await this.#reopened(entry), false);
    }
  }

  /** A leader's deed is first seen to be allowed, then done: what it does is not in its own rows. */
  async #judgeFresh(item: Judgeable, acting: Acting): Promise<Judged> {
    const judged = judgeSafely(item, acting, this.#world);
    const mutation = mutationOf(item);
    if (judged.outcome.is !== 'applied' || mutation === null || acting.is !== 'actor') return judged;
    if (mutation.kind === 'record.accept') return this.#accept(mutation, acting.actor);
    if (mutation.kind === 'gap.close') {
      const named = mutation.closes;
      const standing = named && (await this.#tx.replica(named.replica));
      const closed = closeGap(mutation, acting.actor, standing ?? null);
      if (closed.is === 'closed') this.closed.push({ replica: closed.replica, lastSeq: closed.lastSeq });
      return closed.is === 'refused' ? refused(closed.code) : deedDone(closed.is === 'already');
    }
    return judged;
  }

  /** Takes in what a revoked phone or person had brought, under the authority it was made with. */
  async #accept(deed: Mutation, leader: Actor): Promise<Judged> {
    if (!can(leader, 'quarantine.settle', 'ward')) return refused('not_yours');
    const target = deed.mends === undefined ? undefined : this.#world.known.get(deed.mends);
    if (target === undefined) return refused('malformed');
    const entry = (await this.#entries(target.id)).find(
      ({ person, settled }) => person === target.person && settled === null,
    );
    if (entry === undefined) return deedDone(true);
    if (entry.outcome.is !== 'refused' || entry.outcome.code !== 'revoked') return refused('malformed');
    const item = await this.#reopened(entry);
    const mutation = mutationOf(item);
    if (mutation === null) return refused('malformed');
    await this.#world.prepare([mutation]);
    await this.#actors.load(item.person);
    const acting = this.#actors.vouchedFor(item.person, item.replica, mutation.grant);
    const judged = this.#judgeEarlier(item, acting);
    const { outcome } = judged;
    // Only whole: one that would still be refused, or would wait for another, stays where it is, and the leader hears why.
    if (outcome.is !== 'applied') return judged;
    await this.#record(item, judged, acting);
    this.quarantine.set(entryName(item), { ...entry, settled: { is: 'applied', by: deed.id } });
    return deedDone(false);
  }

  #actingOf(item: Judgeable): Acting {
    const mutation = mutationOf(item);
    return mutation === null
      ? { is: 'unknown' }
      : this.#actors.actor(item.person, item.replica, mutation.grant);
  }

  async #record(item: Judgeable, judged: Judged, acting: Acting): Promise<void> {
    const { outcome } = judged;
    const mutation = mutationOf(item);
    if (outcome.is === 'applied') this.#keepRows(item, judged);
    else this.#keepAside(item, outcome);
    this.#world.known.set({
      id: item.id,
      person: item.person,
      outcome,
      mutation,
      mends: mutation?.mends ?? null,
      mendedBy: null,
    });
    this.#note(item, outcome);
    if (outcome.is === 'held') this.#pending.add(outcome.behind, item);
    if (outcome.is === 'waiting') this.#pending.add(outcome.for, item);
    const causes: Cause[] = [item.id, ...createdKeys(item)].map((name) => ({ name, discarded: false }));
    if (outcome.is === 'applied' && mutation?.mends !== undefined && mutation.kind !== 'record.accept') {
      causes.push(...(await this.#endTargets(mutation, mutation.mends, acting)));
    }
    for (const cause of causes) await this.#release(cause);
  }

  #keepRows(item: Judgeable, judged: Judged): void {
    for (const row of judged.rows) {
      this.#world.put(row);
      const sealed = judged.parts.get(rowKey(row.kind, row.id)) ?? null;
      this.touched.push({ kind: row.kind, id: row.id, mutation: item.id, sealed });
    }
    const name = entryName(item);
    const entry = this.quarantine.get(name) ?? item.stored;
    this.#world.forgetCreator(item.id);
    if (item.stored === null) this.quarantine.delete(name);
    else if (entry) this.quarantine.set(name, { ...entry, settled: { is: 'applied' } });
  }

  #keepAside(item: Judgeable, outcome: Outcome): void {
    const entry = item.stored ?? this.#newEntry(item, outcome);
    this.quarantine.set(entryName(item), { ...entry, outcome, creates: createdKeys(item) });
    this.#world.holdBehind(createdKeys(item), item.id);
  }

  #newEntry(item: Judgeable, outcome: Outcome): QuarantineEntry {
    const { id, hash, replica, seq, person, plain, receivedAt } = item;
    const mutation = mutationOf(item);
    const residentOf = (row: string): string =>
      mutation ? this.#world.residentOfRow(mutation, row) : `row:${row}`;
    const known = item.personal.is === 'open' ? item.personal.values : null;
    const asSent = item.personal.is !== 'none' && known === null;
    const sealed = known
      ? sealQuarantined(this.#world.residentKeys, id, known, residentOf)
      : asSent
        ? (item.sent?.sealed ?? null)
        : null;
    const first = known?.keys().next().value;
    const resident = first === undefined ? null : residentOf(first);
    const creates = createdKeys(item);
    const base = { id, hash, replica, seq, person, plain, receivedAt, outcome, creates };
    return {
      ...base,
      sealed,
      asSent,
      keyId: asSent ? (item.sent?.key ?? null) : null,
      resident,
      version: 0,
      settled: null,
    };
  }

  /** Remembers the outcome: of a new one as its own, of an earlier one as its last word. */
  #note(item: Judgeable, outcome: Outcome): void {
    if (item.stored === null && !item.late) {
      this.fresh.set(item.id, { item, outcome });
      return;
    }
    if (item.stored !== null && sameOutcome(item.stored.outcome, outcome)) return;
    const hash = item.late ? item.hash : null;
    const judged = { outcome, commit: this.#commit, kind: kindOf(item), plain: plainOf(item), hash };
    this.changed.set(item.id, { id: item.id, person: item.person, judged, mendedBy: null });
  }

  /** A mend or discard ends the record it names, and those that one was itself meant to mend. */
  async #endTargets(mutation: Mutation, first: MutationId, acting: Acting): Promise<Cause[]> {
    const causes: Cause[] = [];
    const discarded = mutation.kind === 'record.discard';
    const seen = new Set<MutationId>();
    for (let id: MutationId | null = first; id !== null && !seen.has(id);) {
      seen.add(id);
      const target = this.#world.known.get(id);
      if (
        !target ||
        target.outcome.is === 'applied' ||
        acting.is !== 'actor' ||
        !mayEnd(target.person, acting.actor)
      )
        break;
      await this.#end(
        target.id,
        target.person,
        discarded ? { is: 'discarded', by: mutation.id } : { is: 'mended', by: mutation.id },
      );
      causes.push({ name: target.id, discarded });
      id = discarded ? null : target.mends;
    }
    return causes;
  }

  async #end(id: MutationId, person: PersonId, how: NonNullable<QuarantineEntry['settled']>): Promise<void> {
    const known = this.#world.known.get(id);
    if (!known) return;
    for (const entry of await this.#entries(id)) {
      if (entry.person !== person || entry.settled !== null) continue;
      this.quarantine.set(entryName(entry), { ...entry, settled: how });
    }
    const provisional = known.outcome.is !== 'refused' && known.outcome.is !== 'given_up';
    const outcome: Outcome = provisional ? { is: 'refused', code: 'discarded' } : known.outcome;
    const mendedBy = how.is === 'mended' ? how.by : null;
    this.#world.known.set({ ...known, outcome, mendedBy });
    this.#world.forgetCreator(id);
    this.#pending.forget(id);
    const fresh = this.fresh.get(id);
    if (fresh) this.fresh.set(id, { ...fresh, outcome });
    const judged =
      provisional && !fresh
        ? { outcome, commit: this.#commit, kind: known.mutation?.kind ?? 'unknown', plain: null, hash: null }
        : null;
    this.changed.set(id, { id, person, judged, mendedBy });
  }

  async #release(cause: Cause): Promise<void> {
    for (const freed of this.#pending.take(cause.name)) {
      const items = freed.item ? [freed.item] : await this.#reopenedAll(freed.id);
      for (const item of items) await this.#judgeAgain(item, cause.discarded);
    }
  }

  async #judgeAgain(item: Judgeable, discarded: boolean): Promise<void> {
    if (this.quarantine.get(entryName(item))?.settled) return;
    const mutation = mutationOf(item);
    if (mutation) await this.#world.prepare([mutation]);
    await this.#actors.load(item.person);
    const acting = this.#actingOf(item);
    await this.#record(item, discarded ? refused('discarded') : this.#judgeEarlier(item, acting), acting);
  }

  /** What this batch did not bring is judged like what it did, but is not written where that has been seen to fail. */
  #judgeEarlier(item: Judgeable, acting: Acting): Judged {
    const judged = judgeSafely(item, acting, this.#world);
    if (item.stored === null || judged.outcome.is !== 'applied') return judged;
    this.#attempt.met.add(item.id);
    return this.#attempt.aside.has(item.id) ? refused('internal') : judged;
  }

  async #reopenedAll(id: MutationId): Promise<readonly Judgeable[]> {
    return Promise.all((await this.#entries(id)).map((entry) => this.#reopened(entry)));
  }

  async #reopened(entry: QuarantineEntry): Promise<Judgeable> {
    if (entry.sealed !== null && !entry.asSent)
      await this.#world.loadResidents(residentsOfQuarantined(entry.sealed));
    return fromQuarantine(entry, this.#world.residentKeys);
  }

  /** Open entries of an id: those of this batch, and those the tables hold. */
  async #entries(id: MutationId): Promise<readonly QuarantineEntry[]> {
    const stored = await this.#tx.quarantine([id]);
    const own = [...this.quarantine.values()].filter((entry) => entry.id === id);
    const names = new Set(own.map(entryName));
    return [...own, ...stored.filter((entry) => entry.settled === null && !names.has(entryName(entry)))];
  }
}

export function entryName(entry: Pick<QuarantineEntry, 'id' | 'hash' | 'person'>): string {
  return `${entry.id}|${entry.hash}|${entry.person}`;
}

/** What the history keeps of a text that could be read. */
export function plainOf(item: Pick<Judgeable, 'reading'>): Json {
  // A mutation was parsed from JSON and holds nothing else.
  return mutationOf(item) as Json;
}

function sameOutcome(a: Outcome, b: Outcome): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
