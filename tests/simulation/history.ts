import { type SyncServer, WARD } from '../support/sync-ward.ts';
import { memoryServer } from '../support/sync-memory.ts';
import type { WardPicture } from '../support/ward-picture.ts';
import { checkStep, type SeenBy } from './checkers.ts';
import { checkEnd } from './end-checkers.ts';
import { peek } from './peek.ts';
import { settleStorage } from './process.ts';
import { drawFrom } from './seeded-draws.ts';
import { closeAccountDb } from '$lib/phone/store/open-account-db.ts';
import type { SimPhone } from './sim-phone.ts';
import { type Defect, type Fault, fault, foundSim, type Sim } from './sim-world.ts';
import { planOf, type Step, tellStep } from './step.ts';
import { release, sync } from './run-courier.ts';
import { enrolAnew, livePhones, takeStep } from './take-step.ts';

export interface HistoryOptions {
  readonly defect?: Defect;
  readonly steps?: readonly Step[];
  readonly server?: (seed: number) => Promise<SyncServer>;
}

export interface History {
  readonly seed: number;
  readonly faults: readonly Fault[];
  readonly trace: readonly string[];
  readonly saves: number;
  readonly restores: number;
  /** What the ward holds of each save at the end, in the order of saving: the same on every store. */
  readonly outcomes: readonly string[];
  /** All that the ward holds at the end. On a database that serves other histories: before the next begins. */
  readonly picture: () => Promise<WardPicture>;
}

/** Runs one history to its end, or to the first broken promise. */
export async function runHistory(seed: number, options: HistoryOptions = {}): Promise<History> {
  const { defect, steps = planOf(seed, defect?.focus), server = memoryServer } = options;
  drawFrom(seed);
  const sim = await foundSim({ server: await server(seed), seed, ...(defect && { defect }) });
  const seenBy: SeenBy = new Map();
  try {
    for (const [at, step] of steps.entries()) {
      sim.trace.push(`${at + 1}. ${tellStep(step)}`);
      await checkStep(sim, seenBy, await takeStep(sim, step));
      if (sim.faults.length > 0) break;
    }
    if (sim.faults.length === 0) await quiesce(sim, seenBy);
    if (sim.faults.length === 0) await checkEnd(sim, seenBy);
  } catch (error) {
    fault(sim, 'crash', error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
  const outcomes = await outcomesOf(sim);
  for (const phone of sim.phones) {
    closeAccountDb(phone.db);
    if (phone.hanging !== null) closeAccountDb(phone.hanging.db);
  }
  const { faults, trace, saves, restores } = sim;
  const picture = (): Promise<WardPicture> => sim.server.picture(WARD);
  return { seed, faults, trace, saves: saves.size, restores, outcomes, picture };
}

async function outcomesOf(sim: Sim): Promise<string[]> {
  const ids = [...sim.saves.keys()];
  const known = await sim.server.world.store.read(WARD, (tx) => tx.mutations(ids as never));
  const byId = new Map<string, string>(known.map((record) => [record.id, JSON.stringify(record.outcome)]));
  return ids.map((id) => `${id} ${byId.get(id) ?? 'unknown'}`);
}

const CALM = { fates: ['ok'], locked: false, kill: 0, steal: false } as const;
const MOST_PASSES = 40;

/** The network heals and everybody syncs, until nobody has anything to say or to hear any more. */
async function quiesce(sim: Sim, seenBy: SeenBy): Promise<void> {
  sim.trace.push('end: the network heals');
  await settleStorage();
  for (const phone of livePhones(sim)) await release(sim, phone);
  await checkStep(sim, seenBy, livePhones(sim));
  /** What each phone and the ward held when the phone was last told that there is nothing more. */
  const doneAt = new Map<SimPhone, string>();
  for (let pass = 0; pass < MOST_PASSES; pass++) {
    const restless: SimPhone[] = [];
    for (const phone of livePhones(sim)) {
      if (phone.needsEnrolment) await enrolAnew(sim, phone);
      else if (doneAt.get(phone) === (await bothSides(sim, phone))) continue;
      restless.push(phone);
      const end = await sync(sim, phone, { ...CALM, session: phone.person });
      if (typeof end === 'object' && end.is === 'done') doneAt.set(phone, await bothSides(sim, phone));
    }
    await sim.oldApp.deliver(sim, ['ok']);
    if (restless.length === 0) return;
    await checkStep(sim, seenBy, restless);
    if (sim.faults.length > 0) return;
  }
  fault(sim, 'I4', `no rest after ${MOST_PASSES} passes`);
}

/** What the ward holds, and what a phone holds: as long as both stay, another round brings nothing. */
async function bothSides(sim: Sim, phone: SimPhone): Promise<string> {
  const [epoch] = await sim.server.world.store.epochs();
  const { version, mark } = await sim.server.world.store.read(WARD, (tx) => tx.state());
  const { meta, buckets, rows, entries } = await peek(phone);
  const pulled = buckets.map(({ bucket, cursor, filling }) => [bucket, cursor, filling]);
  const versions = rows.map(({ key, confirmed }) => [key, confirmed?.version, confirmed?.epoch]);
  const states = entries.map(({ id, phase, replay }) => [id, phase, replay]);
  return JSON.stringify([epoch?.id, version, mark, meta('replica'), pulled, versions, states]);
}
