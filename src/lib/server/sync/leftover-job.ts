import type { WardId } from '$lib/domain/record/ids.ts';
import { inTransaction } from '../database/transaction.ts';
import type { Database } from '../database/pool.ts';
import { logFault } from '../log.ts';
import { judgeLeftovers } from './leftovers.ts';
import type { OfficeWorld } from './office-door.ts';

const JOB = { id: 'leftovers', route: null };
const EVERY_MS = 3_600_000;

async function wardIds(database: Database): Promise<readonly WardId[]> {
  const rows = await inTransaction(
    database,
    { wards: [] },
    (tx) => tx<{ id: WardId }[]>`select id from ward_ids() as w (id)`,
    { readOnly: true },
  );
  return rows.map(({ id }) => id);
}

export interface LeftoverJob {
  /** Resolves when the turn that is under way has ended. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

/** Goes through all wards at once at the start, then every hour. Several nodes may: the ward's lock makes them one. */
export function startLeftoverJob(
  world: OfficeWorld,
  database: Database,
  everyMs: number = EVERY_MS,
): LeftoverJob {
  let stopped = false;
  const turn = async (): Promise<void> => {
    try {
      for (const ward of await wardIds(database)) {
        if (stopped) return;
        // One ward's fault keeps no other waiting; it is met again at the next turn.
        await judgeLeftovers(world, ward).catch((error: unknown) => logFault(error, JOB));
      }
    } catch (error) {
      if (!stopped) logFault(error, JOB);
    }
  };
  let running = turn();
  const timer = setInterval(() => {
    running = running.then(turn);
  }, everyMs);
  timer.unref();
  return {
    settled: () => running,
    stop: async () => {
      stopped = true;
      clearInterval(timer);
      await running;
    },
  };
}
