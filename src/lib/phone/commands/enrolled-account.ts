import { err, ok, type Result } from '../../kernel/result.ts';
import type { Account } from '../../protocol/enrol.ts';
import { readMeta } from '../store/meta.ts';
import { attempt } from '../store/storage-fault.ts';
import type { AccountDb } from '../store/open-account-db.ts';
import type { CommandFault, OpenPhone } from './open-phone.ts';
import { isTorn, reviveStorage } from './revive-storage.ts';

/** As last read: every save holds it against the database in its own transaction (`save-mutation.ts`). */
const known = new WeakMap<AccountDb, Account>();

/**
 * Whom this phone works for; a database that was never enrolled takes no saves. What an earlier failure left is put in
 * order first: a lost connection is opened once more, a log that may be torn is begun anew. `anew`: what is remembered
 * has been found to be old.
 */
export async function enrolledAccount(
  phone: Pick<OpenPhone, 'db' | 'random'>,
  anew = false,
): Promise<Result<Account, CommandFault>> {
  const standing = anew || isTorn(phone.db) ? undefined : known.get(phone.db);
  if (standing !== undefined) return ok(standing);
  const read = () => attempt(() => readMeta(phone.db.strict, 'account'));
  let account = await read();
  if (isTorn(phone.db) || (!account.ok && account.error.kind === 'connection_lost')) {
    const revived = await reviveStorage(phone);
    if (!revived.ok) return revived;
    account = await read();
  }
  if (!account.ok) return account;
  if (account.value === undefined) {
    known.delete(phone.db);
    return err({ kind: 'not_enrolled' });
  }
  known.set(phone.db, account.value);
  return ok(account.value);
}
