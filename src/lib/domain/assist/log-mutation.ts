import type { Instant } from '../../kernel/clock.ts';
import type { Json } from '../../kernel/json.ts';
import { normaliseDossierCode } from '../filing/dossier-code.ts';
import type { PersonalValues } from '../people/personal-fields.ts';
import type { PersonId, RowId } from '../record/ids.ts';
import type { Change } from '../record/mutation.ts';
import { type FilingForm, type LogForm, tidyPersonal } from './log-form.ts';

/** Values of fields that are set for the first time: nobody's stamp stood there. */
export function born(values: Readonly<Record<string, Json>>): NonNullable<Change['set']> {
  return Object.fromEntries(Object.entries(values).map(([field, value]) => [field, { value, on: null }]));
}

function bornPersonal(values: PersonalValues): Pick<Change, 'personal'> {
  const fields = Object.keys(values);
  return fields.length === 0
    ? {}
    : { personal: Object.fromEntries(fields.map((field) => [field, null])) };
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

/** Where a log is made: who enters it, when by that device's clock, and how its rows are named. */
export interface LogMaking {
  readonly person: PersonId;
  readonly now: Instant;
  readonly newRowId: () => RowId;
}

/** What a log does to which rows: the assist first, then its filings and its consent. One save. */
export interface LogWriting {
  readonly changes: readonly Change[];
  /** Row → the personal values this save sets on it. */
  readonly personal: Readonly<Record<string, PersonalValues>>;
}

/** Turns a checked form into the changes of one `assist.log`: on phones, for imports, for the demo ward. */
export function logChanges(form: LogForm, making: LogMaking): LogWriting {
  const { person } = making;
  const assist = making.newRowId();
  const resident = making.newRowId();
  const own = tidyPersonal(form.personal);
  const filings = form.filings.map((filing) =>
    filingBirth(filing, { id: making.newRowId(), assist, resident, by: person }),
  );
  const changes = [
    assistBirth(form, { assist, resident, person, personal: own }),
    ...filings.map(({ change }) => change),
    ...consentBirth(form, making, { assist, resident }),
  ];
  const personal = Object.fromEntries([
    [assist, own],
    ...filings.map(({ change, personal: values }) => [change.id, values]),
  ]) as Record<string, PersonalValues>;
  return { changes, personal };
}

function assistBirth(
  form: LogForm,
  at: {
    readonly assist: RowId;
    readonly resident: RowId;
    readonly person: PersonId;
    readonly personal: PersonalValues;
  },
): Change {
  const { personal: _personal, filings: _filings, consent: _consent, ...plain } = form;
  const values = {
    ...plain,
    performedBy: [...form.performedBy],
    enteredBy: at.person,
    resident: at.resident,
    voided: null,
  };
  return { row: 'assist', id: at.assist, create: true, set: born(values), ...bornPersonal(at.personal) };
}

function consentBirth(
  form: LogForm,
  making: LogMaking,
  { assist, resident }: { readonly assist: RowId; readonly resident: RowId },
): Change[] {
  if (form.consent === null) return [];
  const { wording, purposes, how } = form.consent;
  const set = born({
    assist,
    resident,
    wording,
    purposes: [...purposes],
    how,
    givenAt: making.now,
    withdrawnAt: null,
  });
  return [{ row: 'consent', id: making.newRowId(), create: true, set }];
}
