import { checkCode, checkFiling, checkPersonal, type LogFault } from '../../domain/assist/check-log.ts';
import { type FilingForm, tidyPersonal } from '../../domain/assist/log-form.ts';
import { filingChanges } from '../../domain/assist/log-mutation.ts';
import { normaliseDossierCode } from '../../domain/filing/dossier-code.ts';
import type { FilingStatus, SightingSource } from '../../domain/filing/filing.ts';
import type { PersonalValues } from '../../domain/people/personal-fields.ts';
import type { MutationId, RowId } from '../../domain/record/ids.ts';
import type { Change, MutationKind } from '../../domain/record/mutation.ts';
import { dayOf, parseDay } from '../../kernel/calendar/day.ts';
import type { Json } from '../../kernel/json.ts';
import { err, ok, type Result } from '../../kernel/result.ts';
import type { ShownRow } from '../view/shown-row.ts';
import { enrolledAccount } from './enrolled-account.ts';
import type { CommandFault, OpenPhone, Saved } from './open-phone.ts';
import { newRowId, saveMutation } from './save-mutation.ts';
import { type Edit, editChange, isEmptyChange } from './shown-change.ts';

type Answer = Promise<Result<Saved, CommandFault>>;

/** Nothing was changed: there is nothing to save, and that is no fault. */
function nothingToSave(phone: OpenPhone, shown: ShownRow): Result<Saved, CommandFault> {
  const stamp = Object.values(shown.row.stamps)[0] ?? ('' as MutationId);
  return ok({ mutation: stamp, rows: [shown.id], at: phone.clock.now() });
}

async function edit(phone: OpenPhone, shown: ShownRow, kind: MutationKind, wanted: Edit): Answer {
  const personal = wanted.personal === undefined ? undefined : emptied(wanted.personal);
  const set = tidySet(wanted.set);
  const faults: LogFault[] = personal === undefined ? [] : checkPersonal(personal, phone.clock.now());
  const code = set['code'];
  if (typeof code === 'string') faults.push(...checkCode(code, 'code', false));
  if (faults.length > 0) return err({ kind: 'invalid', faults });
  const change = editChange(shown, { set, ...(personal === undefined ? {} : { personal }) });
  if (isEmptyChange(change)) return nothingToSave(phone, shown);
  return saveMutation(phone, {
    kind,
    changes: [change],
    ...(personal === undefined ? {} : { personal: { [shown.id]: personal } }),
  });
}

/** Tidied like a new record's, but an emptied field is a value too. */
function emptied(values: PersonalValues): PersonalValues {
  const blank = Object.fromEntries(Object.keys(values).map((field) => [field, '']));
  return { ...blank, ...tidyPersonal(values) };
}

function tidySet(set: Edit['set']): Readonly<Record<string, Json>> {
  const code = set?.['code'];
  if (typeof code !== 'string') return set ?? {};
  const plain = normaliseDossierCode(code);
  return { ...set, code: plain === '' ? null : plain };
}

/** Changes fields of an assist. Fields fixed at birth (team, resident, who entered it) are refused as malformed. */
export function editAssist(phone: OpenPhone, shown: ShownRow, wanted: Edit): Answer {
  return edit(phone, shown, 'assist.edit', wanted);
}

export function editFiling(phone: OpenPhone, shown: ShownRow, wanted: Edit): Answer {
  return edit(phone, shown, 'filing.edit', wanted);
}

/** A further filing of an assist that is here already. */
export async function addFiling(phone: OpenPhone, assist: ShownRow, form: FilingForm): Answer {
  const account = await enrolledAccount(phone);
  if (!account.ok) return account;
  const now = phone.clock.now();
  const faults = checkFiling(form, 'filing', { outcome: 'submitted_no_code' }, { now });
  if (faults.length > 0) return err({ kind: 'invalid', faults });
  const resident = assist.row.fields['resident'] as RowId;
  const birth = { ids: () => newRowId(phone), author: account.value.person, at: now };
  const { changes, personal } = filingChanges(form, { assist: assist.id, resident }, birth);
  return saveMutation(phone, { kind: 'assist.edit', changes, personal });
}

/** Somebody saw or heard how a filing stands. Added, never set: two people who note progress do not clash. */
export interface SightingForm {
  readonly status: FilingStatus;
  readonly day: string;
  readonly source: SightingSource;
  /** Ngày hẹn, when it was learned with it. */
  readonly officialDay?: string | null;
  readonly code?: string;
}

export async function sightFiling(phone: OpenPhone, shown: ShownRow, form: SightingForm): Answer {
  const account = await enrolledAccount(phone);
  if (!account.ok) return account;
  const faults = checkSighting(form, dayOf(phone.clock.now()));
  if (faults.length > 0) return err({ kind: 'invalid', faults });
  const { status, day, source } = form;
  const set = tidySet({
    ...(form.officialDay === undefined ? {} : { officialDay: form.officialDay }),
    ...(form.code === undefined || form.code.trim() === '' ? {} : { code: form.code }),
  });
  const change: Change = {
    ...editChange(shown, { set }),
    add: { sightings: [{ status, day, source, by: account.value.person }] },
  };
  return saveMutation(phone, { kind: 'filing.sight', changes: [change] });
}

function checkSighting(form: SightingForm, today: string): LogFault[] {
  const faults: LogFault[] = [];
  const day = parseDay(form.day);
  if (day === null) faults.push({ field: 'day', kind: 'not_a_day' });
  else if (day > today) faults.push({ field: 'day', kind: 'in_future' });
  if (typeof form.officialDay === 'string' && parseDay(form.officialDay) === null) {
    faults.push({ field: 'officialDay', kind: 'not_a_day' });
  }
  if (form.code !== undefined) faults.push(...checkCode(form.code, 'code', false));
  return faults;
}

/** Decides a clash; the other value stays in the history. */
export function settleClash(
  phone: OpenPhone,
  shown: ShownRow,
  choice: { readonly field: string; readonly late: MutationId; readonly take: 'standing' | 'late' },
): Answer {
  const change: Change = { row: shown.kind, id: shown.id, settle: [{ ...choice }] };
  return saveMutation(phone, { kind: 'clash.settle', changes: [change] });
}
