import { checkLog } from '../../domain/assist/check-log.ts';
import { type FilingForm, type LogForm, tidyPersonal } from '../../domain/assist/log-form.ts';
import { normaliseDossierCode } from '../../domain/filing/dossier-code.ts';
import type { PersonalValues } from '../../domain/people/personal-fields.ts';
import type { PersonId, RowId } from '../../domain/record/ids.ts';
import type { Change } from '../../domain/record/mutation.ts';
import type { Instant } from '../../kernel/clock.ts';
import type { Json } from '../../kernel/json.ts';
import { err, type Result } from '../../kernel/result.ts';
import { readMeta } from '../store/meta.ts';
import { attempt } from '../store/storage-fault.ts';
import type { CommandFault, OpenPhone, Saved } from './open-phone.ts';
import { newRowId, saveMutation } from './save-mutation.ts';

/** Values of fields that are set for the first time: nobody's stamp stood there. */
export function born(values: Readonly<Record<string, Json>>): NonNullable<Change['set']> {
  return Object.fromEntries(Object.entries(values).map(([field, value]) => [field, { value, on: null }]));
}

export function bornPersonal(values: PersonalValues): Pick<Change, 'personal'> {
  const fields = Object.keys(values);
  return fields.length === 0 ? {} : { personal: Object.fromEntries(fields.map((field) => [field, null])) };
}

/** The change that makes a filing, its first sighting included. */
export function filingBirth(
  form: FilingForm,
  at: { readonly id: RowId; readonly assist: RowId; readonly resident: RowId; readonly by: PersonId },
): { readonly change: Change; readonly personal: PersonalValues } {
  const personal = tidyPersonal({ note: form.note });
  const { status, source, submittedDay } = form;
  const code = normaliseDossierCode(form.code);
  const change: Change = {
    row: 'filing',
    id: at.id,
    create: true,
    set: born({
      assist: at.assist,
      resident: at.resident,
      procedure: form.procedure,
      packVersion: form.packVersion,
      code: code === '' ? null : code,
      submittedDay,
      officialDay: form.officialDay,
      estimate: form.estimate,
      followedBy: at.by,
      voided: false,
    }),
    ...bornPersonal(personal),
    add: { sightings: [{ status, day: submittedDay, source, by: at.by }] },
  };
  return { change, personal };
}

/** Logs an assist: Ghi nhanh and the full form. The assist, its filings and its consent are one save. */
export async function logAssist(
  phone: OpenPhone,
  form: LogForm,
  options: { readonly draft?: string } = {},
): Promise<Result<Saved, CommandFault>> {
  const account = await attempt(() => readMeta(phone.db.strict, 'account'));
  if (!account.ok) return account;
  if (account.value === undefined) return err({ kind: 'not_enrolled' });
  const { person, mustPass } = account.value;
  const now = phone.clock.now();
  const faults = checkLog(form, { now, mustPass });
  if (faults.length > 0) return err({ kind: 'invalid', faults });
  const assist = newRowId(phone);
  const resident = newRowId(phone);
  const own = tidyPersonal(form.personal);
  const filings = form.filings.map((filing) => filingBirth(filing, { id: newRowId(phone), assist, resident, by: person }));
  const changes: Change[] = [
    assistBirth(form, { assist, resident, person, personal: own }),
    ...filings.map(({ change }) => change),
    ...consentBirth(phone, form, { assist, resident, now }),
  ];
  const personal = Object.fromEntries([[assist, own], ...filings.map(({ change, personal: values }) => [change.id, values])]);
  return saveMutation(phone, { kind: 'assist.log', changes, personal, ...options });
}

function assistBirth(
  form: LogForm,
  at: { readonly assist: RowId; readonly resident: RowId; readonly person: PersonId; readonly personal: PersonalValues },
): Change {
  const { personal: _personal, filings: _filings, consent: _consent, ...plain } = form;
  const values = { ...plain, performedBy: [...form.performedBy], enteredBy: at.person, resident: at.resident, voided: null };
  return { row: 'assist', id: at.assist, create: true, set: born(values), ...bornPersonal(at.personal) };
}

function consentBirth(
  phone: OpenPhone,
  form: LogForm,
  at: { readonly assist: RowId; readonly resident: RowId; readonly now: Instant },
): Change[] {
  if (form.consent === null) return [];
  const { wording, purposes, how } = form.consent;
  const { assist, resident, now } = at;
  const set = born({ assist, resident, wording, purposes: [...purposes], how, givenAt: now, withdrawnAt: null });
  return [{ row: 'consent', id: newRowId(phone), create: true, set }];
}
