import type { Instant } from '../../kernel/clock.ts';
import type { Json } from '../../kernel/json.ts';
import { normaliseDossierCode } from '../filing/dossier-code.ts';
import type { PersonalValues } from '../people/personal-fields.ts';
import type { GrantId, MutationId, PersonId, RowId, WardId } from '../record/ids.ts';
import type { Change, Mutation } from '../record/mutation.ts';
import { type FilingForm, type LogForm, tidyPersonal } from './log-form.ts';

/** What a save does, and the personal values it seals: row → values, none empty. */
export interface LogChanges {
  readonly changes: readonly Change[];
  readonly personal: Readonly<Record<string, PersonalValues>>;
}

export interface LogBirth {
  /** A fresh UUIDv7 each time. */
  readonly ids: () => string;
  readonly author: PersonId;
  readonly at: Instant;
}

/** Values of fields that are set for the first time: nobody's stamp stood there. */
function born(values: Readonly<Record<string, Json>>): NonNullable<Change['set']> {
  return Object.fromEntries(Object.entries(values).map(([field, value]) => [field, { value, on: null }]));
}

function bornPersonal(values: PersonalValues): Pick<Change, 'personal'> {
  const fields = Object.keys(values);
  return fields.length === 0 ? {} : { personal: Object.fromEntries(fields.map((field) => [field, null])) };
}

/** A filing is born with its first sighting; the author follows it. */
export function filingChanges(
  form: FilingForm,
  at: { readonly assist: RowId; readonly resident: RowId },
  birth: LogBirth,
): LogChanges {
  const id = birth.ids() as RowId;
  const personal = tidyPersonal({ note: form.note });
  const { status, source, submittedDay } = form;
  const code = normaliseDossierCode(form.code);
  const change: Change = {
    row: 'filing',
    id,
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
      followedBy: birth.author,
      voided: false,
    }),
    ...bornPersonal(personal),
    add: { sightings: [{ status, day: submittedDay, source, by: birth.author }] },
  };
  return { changes: [change], personal: Object.keys(personal).length === 0 ? {} : { [id]: personal } };
}

/** The changes of one log: the assist, its filings and its consent, all of one save. The assist stands first. */
export function logChanges(form: LogForm, birth: LogBirth): LogChanges {
  const assist = birth.ids() as RowId;
  const resident = birth.ids() as RowId;
  const own = tidyPersonal(form.personal);
  const { personal: _personal, filings: _filings, consent: _consent, ...plain } = form;
  const values = {
    ...plain,
    performedBy: [...form.performedBy],
    enteredBy: birth.author,
    resident,
    voided: null,
  };
  const log: Change = { row: 'assist', id: assist, create: true, set: born(values), ...bornPersonal(own) };
  const filings = form.filings.map((filing) => filingChanges(filing, { assist, resident }, birth));
  return {
    changes: [
      log,
      ...filings.flatMap(({ changes }) => changes),
      ...consentChanges(form, { assist, resident }, birth),
    ],
    personal: Object.assign(
      Object.keys(own).length === 0 ? {} : { [assist]: own },
      ...filings.map(({ personal }) => personal),
    ) as LogChanges['personal'],
  };
}

function consentChanges(form: LogForm, at: { assist: RowId; resident: RowId }, birth: LogBirth): Change[] {
  if (form.consent === null) return [];
  const { wording, purposes, how } = form.consent;
  const set = born({ ...at, wording, purposes: [...purposes], how, givenAt: birth.at, withdrawnAt: null });
  return [{ row: 'consent', id: birth.ids() as RowId, create: true, set }];
}

/** The same as a whole mutation, for imports and the demo ward's generator. */
export function logMutation(
  form: LogForm,
  birth: LogBirth & { readonly ward: WardId; readonly grant: GrantId },
): { readonly mutation: Mutation; readonly personal: LogChanges['personal'] } {
  const { ids, at, ward, grant, author } = birth;
  const id = ids() as MutationId;
  const { changes, personal } = logChanges(form, birth);
  return {
    mutation: { v: 1, id, kind: 'assist.log', ward, grant, author, at, changes: [...changes] },
    personal,
  };
}
