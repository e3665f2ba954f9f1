import { checkLog } from '../../domain/assist/check-log.ts';
import type { LogForm } from '../../domain/assist/log-form.ts';
import { logChanges } from '../../domain/assist/log-mutation.ts';
import { err, type Result } from '../../kernel/result.ts';
import { enrolledAccount } from './enrolled-account.ts';
import type { CommandFault, OpenPhone, Saved } from './open-phone.ts';
import { newRowId, saveMutation } from './save-mutation.ts';

/** Logs an assist: Ghi nhanh and the full form. The assist, its filings and its consent are one save. */
export async function logAssist(
  phone: OpenPhone,
  form: LogForm,
  options: { readonly draft?: string } = {},
): Promise<Result<Saved, CommandFault>> {
  const account = await enrolledAccount(phone);
  if (!account.ok) return account;
  const { person, mustPass } = account.value;
  const now = phone.clock.now();
  const faults = checkLog(form, { now, mustPass });
  if (faults.length > 0) return err({ kind: 'invalid', faults });
  const { changes, personal } = logChanges(form, { ids: () => newRowId(phone), author: person, at: now });
  return saveMutation(phone, { kind: 'assist.log', changes, personal, account: account.value, ...options });
}
