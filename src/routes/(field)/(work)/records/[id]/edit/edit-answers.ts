import type { AssistValues } from '$lib/domain/assist/assist.ts';
import type { Row } from '$lib/domain/record/row.ts';
import type { PersonalValues } from '$lib/domain/people/personal-fields.ts';
import type { RowEdit } from '$lib/phone/commands/edit-records.ts';
import type { Corrections } from '$lib/phone/commands/mend-refused.ts';
import type { FormBase } from '$lib/phone/commands/shown-change.ts';
import type { AssistWithFilings } from '$lib/phone/view/records.ts';

const PLAIN = ['outcome', 'channel', 'typedBy'] as const satisfies readonly (keyof AssistValues)[];

/** A correction in the making, as its draft keeps it. */
export interface EditAnswers {
  /**
   * What the screen showed when it was begun: an answer that was left alone is no edit, and one that was changed stands
   * on these stamps, however long the draft has lain.
   */
  base: FormBase[];
  plain: Pick<AssistValues, (typeof PLAIN)[number]>;
  /** Of its filings, by id. */
  codes: Record<string, string>;
  /** Only what somebody typed: an untouched field is not set. */
  typed: { note?: string | undefined; residentName?: string; residentPhone?: string };
}

function codeOf({ fields }: Pick<Row, 'fields'>): string {
  const code = fields['code'];
  return typeof code === 'string' ? code : '';
}

/** `only`: the rows that may be corrected (a refused save's own); null: all of them. */
export function editAnswersOf(record: AssistWithFilings, only: readonly string[] | null): EditAnswers {
  const mayEdit = ({ id }: { readonly id: string }): boolean => only === null || only.includes(id);
  const shown = [record.assist, ...record.filings].filter(mayEdit);
  const { fields } = record.assist.row;
  return {
    base: shown.map(({ kind, id, row }) => ({
      kind,
      id,
      row: {
        fields: Object.fromEntries([...PLAIN, 'code'].map((field) => [field, row.fields[field] ?? null])),
        stamps: row.stamps,
      },
    })),
    plain: Object.fromEntries(PLAIN.map((field) => [field, fields[field]])) as EditAnswers['plain'],
    codes: Object.fromEntries(
      shown.filter(({ kind }) => kind === 'filing').map(({ id, row }) => [id, codeOf(row)]),
    ),
    typed: {},
  };
}

function typedOf({ typed }: EditAnswers): PersonalValues | undefined {
  const values = Object.entries(typed).filter(([, value]) => value !== undefined);
  return values.length === 0 ? undefined : Object.fromEntries(values);
}

/** The form as the edit of each row it shows. */
export function rowEditsOf(answers: EditAnswers): RowEdit[] {
  const personal = typedOf(answers);
  return answers.base.map((base) =>
    base.kind === 'assist'
      ? { base, edit: { set: { ...answers.plain }, ...(personal === undefined ? {} : { personal }) } }
      : { base, edit: { set: { code: answers.codes[base.id] ?? '' } } },
  );
}

/** The same as corrections of a refused save. */
export function correctionsOf(answers: EditAnswers): Corrections {
  return Object.fromEntries(rowEditsOf(answers).map(({ base, edit }) => [base.id, edit]));
}
