import { err, ok, type Result } from '../../kernel/result.ts';
import type { Account } from '../../protocol/enrol.ts';
import { readMeta } from '../store/meta.ts';
import { attempt } from '../store/storage-fault.ts';
import type { CommandFault, OpenPhone } from './open-phone.ts';
import { isTorn, reviveStorage } from './revive-storage.ts';

/**
 * Whom this phone works for; a database that was never enrolled takes no saves. What an earlier failure left is put in
 * order first: a lost connection is opened once more, a log that may be torn is begun anew.
 */
export async function enrolledAccount(
  phone: Pick<OpenPhone, 'db' | 'random'>,
): Promise<Result<Account, CommandFault>> {
  const read = () => attempt(() => readMeta(phone.db.strict, 'account'));
  let account = await read();
  if (isTorn(phone.db) || (!account.ok && account.error.kind === 'connection_lost')) {
    const revived = await reviveStorage(phone);
    if (!revived.ok) return revived;
    account = await read();
  }
  if (!account.ok) return account;
  return account.value === undefined ? err({ kind: 'not_enrolled' }) : ok(account.value);
}
