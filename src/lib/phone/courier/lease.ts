import { uuidv7 } from '../../kernel/uuid.ts';
import type { AccountTables } from '../store/account-tables.ts';
import { readMeta, writeMeta } from '../store/meta.ts';
import { halved } from './batch-size.ts';
import type { CourierTask } from './courier-world.ts';

export const HEARTBEAT_MS = 5000;
/** A holder whose heartbeat has not moved for so long, by the watcher's own count, is taken to be frozen. */
export const FROZEN_AFTER_MS = 30_000;

export function lockName(person: string): string {
  return `xks-courier-${person}`;
}

/** Writes this run's name into the lease: from now on nobody else's round is taken. */
async function takeLease(tables: AccountTables, holder: string, stolen: boolean): Promise<void> {
  await tables.transaction('rw', [tables.meta], async () => {
    await writeMeta(tables, 'lease', { holder, beat: 0, sending: null });
    if (stolen) await writeMeta(tables, 'batch', halved(await readMeta(tables, 'batch'), Infinity, false));
  });
}

async function beat(tables: AccountTables, holder: string): Promise<boolean> {
  return tables.transaction('rw', [tables.meta], async () => {
    const lease = await readMeta(tables, 'lease');
    if (lease?.holder !== holder) return false;
    await writeMeta(tables, 'lease', { ...lease, beat: lease.beat + 1 });
    return true;
  });
}

/** Nothing is on its way any more; said only while the lease is still ours. */
export async function clearSending(tables: AccountTables, holder: string): Promise<void> {
  await tables.transaction('rw', [tables.meta], async () => {
    const lease = await readMeta(tables, 'lease');
    if (lease?.holder === holder && lease.sending !== null)
      await writeMeta(tables, 'lease', { ...lease, sending: null });
  });
}

/** Runs `work` under lock and lease, with a heartbeat as long as it runs. Null: somebody else has the lock. */
export async function underLease<T>(
  task: CourierTask,
  how: 'if_free' | 'steal',
  work: (holder: string) => Promise<T>,
): Promise<T | null> {
  const { db, world } = task;
  const tables = db.relaxed;
  const run = await world.lock.run(lockName(db.person), how, async () => {
    const holder = uuidv7(world.clock, world.random);
    await takeLease(tables, holder, how === 'steal');
    const done = new AbortController();
    const beating = keepBeating(task, holder, done.signal);
    try {
      return await work(holder);
    } finally {
      done.abort();
      await beating;
      await clearSending(tables, holder).catch(() => undefined);
    }
  });
  return run.held ? run.value : null;
}

async function keepBeating({ db, world }: CourierTask, holder: string, done: AbortSignal): Promise<void> {
  for (;;) {
    await world.timer.wait(HEARTBEAT_MS, done);
    if (done.aborted) return;
    // A heartbeat that cannot be written looks frozen to others, which is right: nothing else can be written either.
    const mine = await beat(db.relaxed, holder).catch(() => true);
    if (!mine) return;
  }
}

/** Watches whoever holds the lock. True: its heartbeat stood still for 30 s of this watching, so it may be stolen. */
export async function isFrozen({ db, world }: CourierTask, stop: AbortSignal): Promise<boolean> {
  let seen = await readMeta(db.relaxed, 'lease');
  for (let waited = 0; waited < FROZEN_AFTER_MS; waited += HEARTBEAT_MS) {
    await world.timer.wait(HEARTBEAT_MS, stop);
    if (stop.aborted) return false;
    const now = await readMeta(db.relaxed, 'lease');
    if (now?.holder !== seen?.holder || now?.beat !== seen?.beat) return false;
    seen = now;
  }
  return true;
}
