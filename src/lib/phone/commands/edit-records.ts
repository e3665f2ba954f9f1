import { checkCode, checkFiling, checkPersonal, type LogFault } from '../../domain/assist/check-log.ts';
import { type FilingForm, tidyPersonal } from '../../domain/assist/log-form.ts';
import { filingChanges } from '../../domain/assist/log-mutation.ts';
import { normaliseDossierCode } from '../../domain/filing/dossier-code.ts';
import type { FilingStatus, SightingSource } from '../../domain/filing/filing.ts';
import type { PersonalValues } from '../../domain/people/personal-fields.ts';
import type { MutationId, RowId } from '../../domain/record/ids.ts';
import type { Change } from '../../domain/record/mutation.ts';
import { dayOf, parseDay } from '../../kernel/calendar/day.ts';
import type { Json } from '../../kernel/json.ts';
import { err, ok, type Result } from '../../kernel/result.ts';
import type { ShownRow } from '../view/shown-row.ts';
import { enrolledAccount } from './enrolled-account.ts';
import type { CommandFault, OpenPhone, Saved } from './open-phone.ts';
import { newRowId, saveMutation } from './save-mutation.ts';
import { type Edit, editChange, type FormBase, isEmptyChange } from './shown-change.ts';

type Answer = Promise<Result<Saved, CommandFault>>;

/** What is wanted of one row, on what the form began from. */
export interface RowEdit {
  readonly base: FormBase;
  readonly edit: Edit;
}

/** Nothing was changed: there is nothing to save, and that is no fault. */
function nothingToSave(phone: OpenPhone, edits: readonly RowEdit[]): Result<Saved, CommandFault> {
  const [stamp] = edits.flatMap(({ base }) => Object.values(base.row.stamps));
  return ok({
    mutation: stamp ?? ('' as MutationId),
    rows: edits.map(({ base }) => base.id),
    at: phone.clock.now(),
  });
}

/** Tidied, with what there is to mend; a filing's field is named by its row. */
export function checkEdit(
  { base, edit }: RowEdit,
  now: number,
): { readonly wanted: Edit; readonly faults: readonly LogFault[] } {
  const set = tidySet(edit.set);
  const personal = edit.personal === undefined ? undefined : emptied(edit.personal);
  const path = base.kind === 'filing' ? `filings.${base.id}.` : '';
  const code = set['code'];
  const faults = [
    ...(typeof code === 'string' ? checkCode(code, `${path}code`, false) : []),
    ...checkPersonal(personal ?? {}, now).map((fault) => ({ ...fault, field: `${path}${fault.field}` })),
  ];
  return { wanted: { set, ...(personal === undefined ? {} : { personal }) }, faults };
}

/**
 * One save of a form over an assist and its filings: one mutation, judged and delivered whole. A draft that it was
 * written in goes in the same transaction.
 */
export async function editRows(
  phone: OpenPhone,
  edits: readonly RowEdit[],
  options: { readonly draft?: string } = {},
): Answer {
  const checked = edits.map((edit) => ({ ...edit, ...checkEdit(edit, phone.clock.now()) }));
  const faults = checked.flatMap((each) => each.faults);
  if (faults.length > 0) return err({ kind: 'invalid', faults });
  const changed = checked
    .map(({ base, wanted }) => ({ change: editChange(base, wanted), personal: wanted.personal }))
    .filter(({ change }) => !isEmptyChange(change));
  if (changed.length === 0) return nothingToSave(phone, edits);
  return saveMutation(phone, {
    kind: changed.some(({ change }) => change.row === 'assist') ? 'assist.edit' : 'filing.edit',
    changes: changed.map(({ change }) => change),
    personal: Object.fromEntries(changed.map(({ change, personal }) => [change.id, personal ?? {}])),
    ...options,
  });
}

/** Tidied like a new record's, but an emptied field is a value too. */
function emptied(values: PersonalValues): PersonalValues {
  const blank = Object.fromEntries(Object.keys(values).map((field) => [field, '']));
  return { ...blank, ...tidyPersonal(values) };
}

/** Plain values as they are kept: a code normalised, an empty one as none. */
function tidySet(set: Edit['set']): Readonly<Record<string, Json>> {
  const code = set?.['code'];
  if (typeof code !== 'string') return set ?? {};
  const plain = normaliseDossierCode(code);
  return { ...set, code: plain === '' ? null : plain };
}

/** Changes fields of an assist. Fields fixed at birth (team, resident, who entered it) are refused as malformed. */
export function editAssist(phone: OpenPhone, shown: ShownRow, wanted: Edit): Answer {
  return editRows(phone, [{ base: shown, edit: wanted }]);
}

export function editFiling(phone: OpenPhone, shown: ShownRow, wanted: Edit): Answer {
  return editRows(phone, [{ base: shown, edit: wanted }]);
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
  const on = shown.row.stamps[choice.field] ?? null;
  const change: Change = { row: shown.kind, id: shown.id, settle: [{ ...choice, on }] };
  return saveMutation(phone, { kind: 'clash.settle', changes: [change] });
}
