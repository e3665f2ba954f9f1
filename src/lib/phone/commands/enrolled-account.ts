import { err, ok, type Result } from '../../kernel/result.ts';
import type { Account } from '../../protocol/enrol.ts';
import { readMeta } from '../store/meta.ts';
import { attempt } from '../store/storage-fault.ts';
import type { CommandFault, OpenPhone } from './open-phone.ts';

/** Whom this phone works for; a database that was never enrolled takes no saves. */
export async function enrolledAccount(phone: Pick<OpenPhone, 'db'>): Promise<Result<Account, CommandFault>> {
  const account = await attempt(() => readMeta(phone.db.strict, 'account'));
  if (!account.ok) return account;
  return account.value === undefined ? err({ kind: 'not_enrolled' }) : ok(account.value);
}
