import type { PersonalValues } from '$lib/domain/people/personal-fields.ts';
import type { ResidentKeys } from '../keys/resident-keys.ts';

/** Row id → values, as one save brought them. */
type RowValues = ReadonlyMap<string, PersonalValues>;

function placeOf(mutation: string): string {
  return `quarantine|${mutation}`;
}

/**
 * Seals the values of a record that was not taken, each part under its own resident's key, so that erasing a resident
 * forgets them here too. What belongs to an erased resident is left out. Null: nothing to keep.
 */
export function sealQuarantined(
  keys: ResidentKeys,
  mutation: string,
  values: RowValues,
  residentOf: (row: string) => string,
): string | null {
  const byResident = new Map<string, Record<string, PersonalValues>>();
  for (const [row, fields] of values) {
    const resident = residentOf(row);
    if (keys.isErased(resident)) continue;
    byResident.set(resident, { ...byResident.get(resident), [row]: fields });
  }
  if (byResident.size === 0) return null;
  const parts = [...byResident].map(([resident, rows]) => [
    resident,
    keys.seal(resident, placeOf(mutation), JSON.stringify(rows)),
  ]);
  return JSON.stringify(Object.fromEntries(parts));
}

/** The residents whose keys are needed to open it. */
export function residentsOfQuarantined(sealed: string): readonly string[] {
  return Object.keys(JSON.parse(sealed) as Record<string, string>);
}

/** The values again; parts of erased residents are missing. */
export function openQuarantined(keys: ResidentKeys, mutation: string, sealed: string): RowValues {
  const values = new Map<string, PersonalValues>();
  for (const [resident, blob] of Object.entries(JSON.parse(sealed) as Record<string, string>)) {
    const text = keys.open(resident, placeOf(mutation), blob);
    if (text === null) continue;
    for (const [row, fields] of Object.entries(JSON.parse(text) as Record<string, PersonalValues>))
      values.set(row, fields);
  }
  return values;
}
