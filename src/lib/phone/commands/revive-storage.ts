import { err, ok, type Result } from '../../kernel/result.ts';
import type { Random } from '../../kernel/random.ts';
import { startFreshLog } from '../store/fresh-log.ts';
import { type AccountDb, reopenAccountDb } from '../store/open-account-db.ts';
import { attempt, type StorageFault } from '../store/storage-fault.ts';

/** Databases whose last write failed, and how: nothing is saved behind it in the same log. */
const torn = new WeakMap<AccountDb, StorageFault>();

export function noteTorn(db: AccountDb, fault: StorageFault): void {
  if (!torn.has(db)) torn.set(db, fault);
}

export function isTorn(db: AccountDb): boolean {
  return torn.has(db);
}

/** After storage failed: the connections are opened anew, and a fresh log is begun before anything is saved again. */
export async function reviveStorage(phone: {
  readonly db: AccountDb;
  readonly random: Random;
}): Promise<Result<null, StorageFault>> {
  const revived = await attempt(async () => {
    await reopenAccountDb(phone.db);
    await startFreshLog(phone.db.relaxed, phone.random);
  });
  if (revived.ok) {
    torn.delete(phone.db);
    return ok(null);
  }
  // A disk that is still full tells a second try something else than the first: that first reason stands.
  return err(torn.get(phone.db) ?? revived.error);
}
