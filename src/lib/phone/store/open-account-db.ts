import type { DexieOptions } from 'dexie';
import type { PersonId } from '../../domain/record/ids.ts';
import { AccountTables, CODE_VERSION } from './account-tables.ts';
import { readMeta, writeMeta } from './meta.ts';
import { Abort, type StorageFault } from './storage-fault.ts';

/** Whose storage: the browser's own, or a simulated phone's. */
export interface IdbPort {
  readonly indexedDB: IDBFactory;
  readonly IDBKeyRange: typeof IDBKeyRange;
}

/**
 * One account's database on this phone. `strict` commits reach the disk before they are told of (saves, drafts at a
 * step, keys); `relaxed` serves pulls and typing, whose loss costs a repetition only.
 */
export interface AccountDb {
  readonly person: PersonId;
  readonly strict: AccountTables;
  readonly relaxed: AccountTables;
}

export const ACCOUNT_DB_PREFIX = 'xks-';

export function accountDbName(person: PersonId): string {
  return `${ACCOUNT_DB_PREFIX}${person}`;
}

/** Opens (and makes) the database. Throws what storage throws: callers go through `attempt`. */
export async function openAccountDb(
  person: PersonId,
  idb?: IdbPort,
  code: number = CODE_VERSION,
): Promise<AccountDb> {
  const name = accountDbName(person);
  const options: DexieOptions = { ...idb };
  const strict = new AccountTables(name, { ...options, chromeTransactionDurability: 'strict' });
  const relaxed = new AccountTables(name, { ...options, chromeTransactionDurability: 'relaxed' });
  const db = { person, strict, relaxed };
  await openBoth(db);
  const standing = await readMeta(strict, 'code');
  if (standing === undefined || standing.version < code) await writeMeta(strict, 'code', { version: code });
  return db;
}

/**
 * Side by side: the browser opens both to one base, and a new one waits for its schema by itself. One that opened where
 * the other failed must not stay: it would stand in the way of whoever upgrades or deletes.
 */
async function openBoth(db: AccountDb): Promise<void> {
  try {
    await Promise.all([db.strict.open(), db.relaxed.open()]);
  } catch (error) {
    closeAccountDb(db);
    throw error;
  }
}

/** Its database was deleted, here or in another tab. */
export function isDeleted(db: AccountDb): boolean {
  return db.strict.deleted || db.relaxed.deleted;
}

/** For good. Its connections are closed and are not opened again. */
export async function deleteAccountDb(db: AccountDb): Promise<void> {
  closeAccountDb(db);
  await db.strict.delete();
  db.strict.deleted = true;
}

export function closeAccountDb(db: AccountDb): void {
  db.relaxed.close();
  db.strict.close();
}

/** After the browser lost its storage process (WebKit does): the same connections, opened anew. */
export async function reopenAccountDb(db: AccountDb): Promise<void> {
  if (isDeleted(db)) throw new Abort<StorageFault>({ kind: 'connection_lost' });
  closeAccountDb(db);
  await openBoth(db);
}
