import type { Action } from './permissions.ts';

/**
 * The one table of personal data (product.md "What the app never takes"; Law 91/2025/QH15). Every field listed here
 * is sealed on the phone, encrypted on the server under its resident's key, and left out of exports unless named.
 */
export const PERSONAL_FIELDS = {
  residentName: { consent: true, maxLength: 120, mask: 'given_name' },
  residentPhone: { consent: true, maxLength: 20, mask: 'last_three' },
  residentBirthYear: { consent: true, maxLength: 4, mask: 'hidden' },
  residentSex: { consent: true, maxLength: 10, mask: 'hidden' },
  household: { consent: true, maxLength: 120, mask: 'hidden' },
  note: { consent: false, maxLength: 2000, mask: 'hidden' },
  lateReason: { consent: false, maxLength: 300, mask: 'hidden' },
  voidReason: { consent: false, maxLength: 300, mask: 'hidden' },
} as const satisfies Record<
  string,
  { consent: boolean; maxLength: number; mask: 'given_name' | 'last_three' | 'hidden' }
>;

export type PersonalField = keyof typeof PERSONAL_FIELDS;

/** What a sealed part holds once opened. All values are texts. */
export type PersonalValues = { readonly [field in PersonalField]?: string };

export function isPersonalField(field: string): field is PersonalField {
  return Object.hasOwn(PERSONAL_FIELDS, field);
}

/** Reading any of them whole needs this action; without it only the mask is shown. */
export const READ_PERSONAL: Action = 'personal.read';
