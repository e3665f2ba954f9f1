import { rowKey } from '$lib/domain/record/row.ts';
import { readCursor } from '$lib/server/sync/signed-token.ts';
import { shownRow, type OutboxEntry } from '$lib/phone/store/stored.ts';
import { viewFaultsIn } from '$lib/phone/view/rebuild.ts';
import { WARD } from '../support/sync-ward.ts';
import { peek, type Peeked } from './peek.ts';
import type { SimPhone } from './sim-phone.ts';
import { fault, type Sim } from './sim-world.ts';

const KEEP_MS = 30 * 86_400_000;

/** What a phone held when it was last looked at. */
export interface Seen {
  readonly versions: Map<string, string>;
  readonly entries: Map<string, OutboxEntry>;
  readonly pruned: Set<string>;
  /** Epochs it has been in, the present one last. */
  readonly epochs: string[];
  last?: Peeked;
}
export type SeenBy = Map<SimPhone, Seen>;

interface Look {
  readonly sim: Sim;
  readonly phone: SimPhone;
  readonly now: Peeked;
  readonly seen: Seen;
}

const unseen = (): Seen => ({ versions: new Map(), entries: new Map(), pruned: new Set(), epochs: [] });

/** After each step, every phone that it touched: nothing else can have changed what a phone holds. */
export async function checkStep(sim: Sim, seenBy: SeenBy, touched: readonly SimPhone[]): Promise<void> {
  for (const phone of touched) {
    if (phone.gone) continue;
    const seen = seenBy.get(phone) ?? unseen();
    seenBy.set(phone, seen);
    const look = { sim, phone, seen, now: await peek(phone) };
    savedIsSaved(look);
    noLeftEpoch(look);
    // The rest is about rows, entries and cursors only: what has not been written since is as it was.
    if (look.now.isSame(seen.last)) continue;
    neverBackwards(look);
    refusedStays(look);
    onlyOwn(look);
    clocksPruneNothing(look);
    oneTrueState(look);
    for (const key of viewFaultsIn(look.now.rows, look.now.entries))
      fault(
        sim,
        'I11',
        `${phone.name}: the kept view of ${key} is not confirmed rows with the outbox on top`,
      );
    await nothingSkipped(look);
    remember(look);
  }
  exactlyOnce(sim);
  await epochsAreProved(sim);
}

function remember({ seen, now }: Look): void {
  const here = new Set(now.entries.map((entry) => entry.id as string));
  for (const id of seen.entries.keys()) if (!here.has(id)) seen.pruned.add(id);
  seen.entries.clear();
  for (const entry of now.entries) seen.entries.set(entry.id, entry);
  for (const { key, confirmed } of now.rows)
    if (confirmed !== null) seen.versions.set(key, `${confirmed.epoch}|${confirmed.version}`);
  seen.last = now;
}

/** I1: what was saved here is in the outbox, and to be seen, until it has been let go of by the rule. */
function savedIsSaved({ sim, phone, now: { entries, rows }, seen }: Look): void {
  const here = new Map(entries.map((entry) => [entry.id as string, entry]));
  const shown = new Set(rows.filter((row) => shownRow(row) !== undefined).map((row) => row.key));
  for (const record of sim.saves.values()) {
    if (!record.holders.has(phone) || seen.pruned.has(record.id)) continue;
    const entry = here.get(record.id);
    if (entry === undefined) {
      if (!seen.entries.has(record.id)) fault(sim, 'I1', `${phone.name} has lost ${record.id}`);
      continue;
    }
    if (entry.answeredBy !== null) continue;
    for (const change of record.mutation.changes) {
      const key = rowKey(change.row, change.id);
      if (change.create === true && !shown.has(key))
        fault(
          sim,
          entry.phase === 'needs_you' ? 'I6' : 'I1',
          `${phone.name} does not show ${key} of ${entry.phase} ${record.id}`,
        );
    }
  }
}

/** I4: inside an epoch no row goes back. */
function neverBackwards({ sim, phone, now: { rows }, seen }: Look): void {
  for (const { key, confirmed } of rows) {
    const [epoch, version] = (seen.versions.get(key) ?? '').split('|');
    if (confirmed?.epoch === epoch && confirmed !== null && confirmed.version < Number(version))
      fault(sim, 'I4', `${phone.name}: ${key} went from version ${version} back to ${confirmed.version}`);
  }
}

/** I4: an epoch that was left is never gone back to. */
function noLeftEpoch({ sim, phone, now, seen }: Look): void {
  const present = now.meta('epoch')?.id;
  if (present === undefined || seen.epochs.at(-1) === present) return;
  if (seen.epochs.includes(present)) fault(sim, 'I4', `${phone.name} went back to an epoch it had left`);
  seen.epochs.push(present);
}

/** I6: refused, held, given up: still replayed, unless it has been answered. */
function refusedStays({ sim, phone, now: { entries } }: Look): void {
  for (const entry of entries) {
    const { outcome } = entry;
    const wrong = outcome !== null && outcome.is !== 'applied' && entry.answeredBy === null;
    if (wrong && entry.replay === 0)
      fault(sim, 'I6', `${phone.name}: ${outcome.is} ${entry.id} has left the view`);
    const needsYou =
      wrong && (outcome.is === 'refused' || outcome.is === 'held' || outcome.is === 'given_up');
    if (needsYou && entry.phase !== 'needs_you')
      fault(sim, 'I6', `${phone.name}: ${outcome.is} ${entry.id} is shown as ${entry.phase}`);
  }
}

/** I7: nobody else's outbox here. */
function onlyOwn({ sim, phone, now: { entries } }: Look): void {
  for (const entry of entries)
    if (entry.actor.person !== phone.person)
      fault(sim, 'I7', `${phone.name} holds a save of ${entry.actor.person}`);
}

/** I10: what leaves the outbox was acknowledged 30 days ago by the ward's clock, and all of it settled. */
function clocksPruneNothing({ sim, phone, now: { entries }, seen }: Look): void {
  const here = new Set<string>(entries.map((entry) => entry.id));
  for (const [id, before] of seen.entries) {
    if (here.has(id) || before.came === 'pulled') continue;
    const ackedAt = before.ackedAt || (sim.told.get(phone)?.get(id) ?? 0);
    if (ackedAt === 0) fault(sim, 'I1', `${phone.name} let go of ${id}, which the ward had not acknowledged`);
    else if (sim.server.clock.now() - ackedAt < KEEP_MS)
      fault(sim, 'I10', `${phone.name} let go of ${id} before its 30 days`);
  }
}

/** I11: one state each, and "đã về" only after the ward's answer for that very save. */
function oneTrueState({ sim, phone, now: { entries } }: Look): void {
  const told = sim.told.get(phone);
  for (const entry of entries) {
    const is = entry.phase;
    const right = entry.outcome === null ? 'unsent' : 'settled';
    if (right === 'unsent' && is !== 'unsent')
      fault(sim, 'I11', `${phone.name}: ${entry.id} is ${is} without an outcome`);
    if (right === 'settled' && is === 'unsent')
      fault(sim, 'I11', `${phone.name}: ${entry.id} has an outcome and is unsent`);
    if (right === 'settled' && entry.came === 'saved' && told?.has(entry.id) !== true)
      fault(sim, 'I11', `${phone.name}: ${entry.id} is ${is}, but no answer said so`);
  }
}

/** I3: all that a bucket held up to the cursor is here. Only while phone and tables are of one epoch and one past. */
async function nothingSkipped({ sim, phone, now: { rows, buckets, meta } }: Look): Promise<void> {
  const [present] = await sim.server.world.store.epochs();
  const epoch = meta('epoch');
  if (epoch === undefined || epoch.id !== present?.id) return;
  const here = new Map(rows.map((row) => [row.key, row.confirmed]));
  for (const bucket of buckets) {
    const cursor = bucket.cursor === '' ? null : readCursor(sim.server.world.keys, bucket.cursor);
    if (cursor === null || cursor.epoch !== epoch.id || cursor.first !== null) continue;
    const lacking = await sim.server.world.store.read(WARD, async (tx) => {
      // Tables that were put back behind this cursor are no measure: the next round proves it to the ward.
      if ((await tx.markOf(cursor.version)) !== cursor.mark) return [];
      const entries = await tx.bucketFrom(bucket.bucket, cursor.at, null, 100_000);
      return entries.filter(
        ({ kind, id, version }) =>
          kind !== 'quarantined' && (here.get(`${kind}/${id}`)?.version ?? -1) < version,
      );
    });
    for (const { kind, id, version } of lacking)
      fault(
        sim,
        'I3',
        `${phone.name} has read ${bucket.bucket} to ${cursor.at} without ${kind}/${id} of version ${version}`,
      );
  }
}

const lookedThrough = new WeakMap<Sim, { readonly log: Sim['log']; readonly length: number }>();

/** I2: a mutation of an account comes in once, and every replica's seqs without a gap. */
function exactlyOnce(sim: Sim): void {
  const looked = lookedThrough.get(sim);
  if (looked?.log === sim.log && looked.length === sim.log.length) return;
  lookedThrough.set(sim, { log: sim.log, length: sim.log.length });
  const ids = new Set<string>();
  const seqs = new Set<string>();
  for (const { id, person, replica, seq } of sim.log) {
    if (ids.has(`${person}|${id}`)) fault(sim, 'I2', `${id} was taken twice`);
    if (seqs.has(`${replica}|${seq}`)) fault(sim, 'I2', `seq ${seq} of ${replica} was taken twice`);
    ids.add(`${person}|${id}`);
    seqs.add(`${replica}|${seq}`);
  }
}

/** I8: a new epoch without a restore is nobody's right. */
async function epochsAreProved(sim: Sim): Promise<void> {
  const epochs = await sim.server.world.store.epochs();
  if (sim.restores === 0 && epochs.length > 1) fault(sim, 'I8', 'a new epoch, and nothing was restored');
}
