import type { PersonalField, PersonalValues } from '../../domain/people/personal-fields.ts';
import type { Change } from '../../domain/record/mutation.ts';
import type { Row } from '../../domain/record/row.ts';
import type { Json } from '../../kernel/json.ts';
import { sameJson } from '../../kernel/json.ts';
import type { ShownRow } from '../view/shown-row.ts';

/** New values of fields, as a form gives them back. */
export interface Edit {
  readonly set?: Readonly<Record<string, Json>>;
  /** '' empties a field. */
  readonly personal?: PersonalValues;
}

/** A row as the author's screen showed it when the form was begun: values, and the stamps that the save stands on. */
export interface FormBase {
  readonly kind: ShownRow['kind'];
  readonly id: ShownRow['id'];
  readonly row: Pick<Row, 'fields' | 'stamps'>;
}

/** Sets fields on the stamps that the author's screen showed; what is unchanged is left alone. */
export function editChange(shown: FormBase, edit: Edit): Change {
  const { row } = shown;
  const set = Object.entries(edit.set ?? {}).filter(
    ([field, value]) => !sameJson(row.fields[field] ?? null, value),
  );
  const personal = Object.keys(edit.personal ?? {}) as PersonalField[];
  return {
    row: shown.kind,
    id: shown.id,
    ...(set.length === 0
      ? {}
      : {
          set: Object.fromEntries(set.map(([field, value]) => [field, { value, on: stampOf(row, field) }])),
        }),
    ...(personal.length === 0
      ? {}
      : { personal: Object.fromEntries(personal.map((field) => [field, stampOf(row, field)])) }),
  };
}

export function stampOf(row: Pick<Row, 'stamps'>, field: string): Row['stamps'][string] | null {
  return row.stamps[field] ?? null;
}

/** Whether a change does anything at all. */
export function isEmptyChange(change: Change): boolean {
  const { row: _row, id: _id, ...rest } = change;
  return Object.keys(rest).length === 0;
}
