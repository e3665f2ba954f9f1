import { err, ok, type Result } from '../../kernel/result.ts';
import type { Random } from '../../kernel/random.ts';
import { startFreshLog } from '../store/fresh-log.ts';
import { type AccountDb, reopenAccountDb } from '../store/open-account-db.ts';
import { attempt, type StorageFault } from '../store/storage-fault.ts';

/** Between tries; more would be felt where the disk is still full. */
const PAUSES_MS = [100, 300];

/** Databases whose last write failed, and how: nothing is saved behind it in the same log. */
const torn = new WeakMap<AccountDb, StorageFault>();

export function noteTorn(db: AccountDb, fault: StorageFault): void {
  if (!torn.has(db)) torn.set(db, fault);
}

export function isTorn(db: AccountDb): boolean {
  return torn.has(db);
}

interface Broken {
  readonly db: AccountDb;
  readonly random: Random;
}

/**
 * After storage failed: the connections are opened anew, and a fresh log is begun before anything is saved again. What
 * the browser still closes from before takes the first of the new connections with it, so it is tried again.
 */
export async function reviveStorage(phone: Broken): Promise<Result<null, StorageFault>> {
  let revived = await reviveOnce(phone);
  for (const pause of PAUSES_MS) {
    if (revived.ok) break;
    await new Promise((resolve) => setTimeout(resolve, pause));
    revived = await reviveOnce(phone);
  }
  if (revived.ok) {
    torn.delete(phone.db);
    return ok(null);
  }
  // A disk that is still full tells a second try something else than the first: that first reason stands.
  return err(torn.get(phone.db) ?? revived.error);
}

function reviveOnce({ db, random }: Broken): Promise<Result<null, StorageFault>> {
  return attempt(async () => {
    await reopenAccountDb(db);
    await startFreshLog(db.relaxed, random);
    return null;
  });
}
