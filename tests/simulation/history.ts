import type { SyncServer } from '../support/sync-ward.ts';
import { memoryServer } from '../support/sync-memory.ts';
import { checkStep, type SeenBy } from './checkers.ts';
import { checkEnd } from './end-checkers.ts';
import { settleStorage } from './process.ts';
import { closeAccountDb } from '$lib/phone/store/open-account-db.ts';
import { type Defect, type Fault, fault, foundSim, type Sim } from './sim-world.ts';
import { planOf, type Step, tellStep } from './step.ts';
import { enrolAnew, livePhones, release, sync, takeStep } from './take-step.ts';

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
}

/** Runs one history to its end, or to the first broken promise. */
export async function runHistory(seed: number, options: HistoryOptions = {}): Promise<History> {
  const { defect, steps = planOf(seed, defect?.focus), server = memoryServer } = options;
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
  return { seed, faults, trace, saves: saves.size, restores, outcomes };
}

async function outcomesOf(sim: Sim): Promise<string[]> {
  const ids = [...sim.saves.keys()];
  const known = await sim.server.world.store.read('phuong-mau' as never, (tx) => tx.mutations(ids as never));
  const byId = new Map<string, string>(known.map((record) => [record.id, JSON.stringify(record.outcome)]));
  return ids.map((id) => `${id} ${byId.get(id) ?? 'unknown'}`);
}

const CALM = { fates: ['ok'], session: true, locked: false, kill: 0 } as const;
const MOST_PASSES = 40;

/** The network heals and everybody syncs, until nothing moves any more. */
async function quiesce(sim: Sim, seenBy: SeenBy): Promise<void> {
  sim.trace.push('end: the network heals');
  await settleStorage();
  for (const phone of livePhones(sim)) await release(sim, phone);
  await checkStep(sim, seenBy, livePhones(sim));
  let calm = 0;
  for (let pass = 0; pass < MOST_PASSES && calm < 2; pass++) {
    const before = await stateOf(sim);
    for (const phone of livePhones(sim)) {
      if (phone.needsEnrolment) await enrolAnew(sim, phone);
      await sync(sim, phone, { ...CALM, steal: false });
    }
    await checkStep(sim, seenBy, livePhones(sim));
    if (sim.faults.length > 0) return;
    calm = before === (await stateOf(sim)) ? calm + 1 : 0;
  }
  if (calm < 2) fault(sim, 'I4', `no rest after ${MOST_PASSES} passes`);
}

async function stateOf(sim: Sim): Promise<string> {
  const epochs = await sim.server.world.store.epochs();
  const { version } = await sim.server.world.store.read('phuong-mau' as never, (tx) => tx.state());
  const phones = await Promise.all(
    livePhones(sim).map(async (phone) => {
      const tables = phone.db.relaxed;
      const replica = await tables.meta.get('replica');
      const cursors = (await tables.buckets.toArray()).map(({ bucket, got, filling, pull }) => [
        bucket,
        got,
        filling,
        pull,
      ]);
      return [
        phone.name,
        phone.needsEnrolment,
        replica?.value,
        cursors,
        await tables.outbox.where('phase').equals('unsent').count(),
      ];
    }),
  );
  return JSON.stringify([epochs[0]?.id, version, phones]);
}
