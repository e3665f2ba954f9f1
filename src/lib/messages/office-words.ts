import { office as enOffice } from './en/office.ts';
import { officeAttention as enOfficeAttention } from './en/office-attention.ts';
import { officePeople as enOfficePeople } from './en/office-people.ts';
import type { Locale } from './locale.ts';
import { office } from './vi/office.ts';
import { officeAttention } from './vi/office-attention.ts';
import { officePeople } from './vi/office-people.ts';

/** Words of the office's pages: outside the dictionary, so that a phone in the field never loads them. */
const vi = { office, officeAttention, officePeople };

export type OfficeWords = typeof vi;

export const officeWords: Readonly<Record<Locale, OfficeWords>> = {
  vi,
  en: { office: enOffice, officeAttention: enOfficeAttention, officePeople: enOfficePeople },
};
