import type { PersonalValues } from '$lib/domain/people/personal-fields.ts';
import type { Row } from '$lib/domain/record/row.ts';
import type { ResidentKeys } from '../keys/resident-keys.ts';

/** The resident record a row is about, whose key seals its personal values. */
export function residentOf(row: Pick<Row, 'fields'>): string | null {
  const resident = row.fields['resident'];
  return typeof resident === 'string' ? resident : null;
}

function placeOf(row: string, mutation: string): string {
  return `row|${row}|${mutation}`;
}

/** Seals what one mutation set on one row. */
export function sealRowValues(
  keys: ResidentKeys,
  row: Row,
  mutation: string,
  values: PersonalValues,
): string {
  return keys.seal(residentOf(row) ?? `row:${row.id}`, placeOf(row.id, mutation), JSON.stringify(values));
}

/** What one mutation set on one row; null: erased, or not openable. */
export function openRowPart(
  keys: ResidentKeys,
  row: Pick<Row, 'id' | 'fields'>,
  mutation: string,
  blob: string,
): PersonalValues | null {
  const text = keys.open(residentOf(row) ?? `row:${row.id}`, placeOf(row.id, mutation), blob);
  return text === null ? null : (JSON.parse(text) as PersonalValues);
}

/** The standing personal values of a row: each field as the mutation named by its stamp set it. */
export function openRowValues(keys: ResidentKeys, row: Row): PersonalValues {
  const values: Record<string, string> = {};
  for (const [mutation, blob] of Object.entries(row.sealed)) {
    const part = openRowPart(keys, row, mutation, blob);
    for (const [field, value] of Object.entries(part ?? {})) {
      if (row.stamps[field] === mutation && typeof value === 'string') values[field] = value;
    }
  }
  return values;
}
