import { office as enOffice } from './en/office.ts';
import type { Locale } from './locale.ts';
import { office } from './vi/office.ts';

/** Words of the office's pages: outside the dictionary, so that a phone in the field never loads them. */
const vi = { office };

export type OfficeWords = typeof vi;

export const officeWords: Readonly<Record<Locale, OfficeWords>> = { vi, en: { office: enOffice } };
