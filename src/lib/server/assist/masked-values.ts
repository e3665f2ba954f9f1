import {
  PERSONAL_FIELDS,
  type PersonalField,
  type PersonalValues,
} from '$lib/domain/people/personal-fields.ts';

/** Shown in place of what is masked whole. */
export const HIDDEN = '•••';

function maskOne(field: PersonalField, value: string): string {
  switch (PERSONAL_FIELDS[field].mask) {
    case 'given_name':
      return value.trim().split(/\s+/u).length > 1 ? `… ${value.trim().split(/\s+/u).at(-1) ?? ''}` : HIDDEN;
    case 'last_three':
      return value.length > 5 ? `${HIDDEN}${value.slice(-3)}` : HIDDEN;
    case 'hidden':
      return HIDDEN;
  }
}

/** Values as they are shown to whoever may not, or has not yet asked to, read them whole. */
export function maskedValues(values: PersonalValues): PersonalValues {
  const fields = Object.keys(values) as PersonalField[];
  return Object.fromEntries(fields.map((field) => [field, maskOne(field, values[field] ?? '')]));
}
