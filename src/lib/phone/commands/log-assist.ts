import { checkLog, type LogFault } from '../../domain/assist/check-log.ts';
import type { LogForm } from '../../domain/assist/log-form.ts';
import { logChanges } from '../../domain/assist/log-mutation.ts';
import type { Instant } from '../../kernel/clock.ts';
import { err, type Result } from '../../kernel/result.ts';
import type { Account } from '../../protocol/enrol.ts';
import { enrolledAccount } from './enrolled-account.ts';
import type { CommandFault, OpenPhone, Saved } from './open-phone.ts';
import { newRowId, saveMutation } from './save-mutation.ts';

/** Logs an assist: Ghi nhanh and the full form. The assist, its filings and its consent are one save. */
export async function logAssist(
  phone: OpenPhone,
  form: LogForm,
  options: { readonly draft?: string } = {},
): Promise<Result<Saved, CommandFault>> {
  const now = phone.clock.now();
  const checked = await checkedFor(phone, form, now);
  if (!checked.ok) return checked;
  const account = checked.value;
  const { changes, personal } = logChanges(form, {
    ids: () => newRowId(phone),
    author: account.person,
    at: now,
  });
  return saveMutation(phone, { kind: 'assist.log', changes, personal, account, ...options });
}

/** What one must have passed may have been told anew: a form is refused only by what stands in the database now. */
async function checkedFor(
  phone: OpenPhone,
  form: LogForm,
  now: Instant,
): Promise<Result<Account, CommandFault>> {
  let account = await enrolledAccount(phone);
  const faultsFor = ({ mustPass }: Account): readonly LogFault[] => checkLog(form, { now, mustPass });
  if (account.ok && faultsFor(account.value).length > 0) account = await enrolledAccount(phone, true);
  if (!account.ok) return account;
  const faults = faultsFor(account.value);
  return faults.length > 0 ? err({ kind: 'invalid', faults }) : account;
}
