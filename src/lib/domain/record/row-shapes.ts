import type * as z from 'zod/mini';
import { ASSIST_FIXED, assistFields } from '../assist/assist.ts';
import { consentFields } from '../assist/consent.ts';
import { FILING_FIXED, filingFields, sightingSchema } from '../filing/filing.ts';
import { neighbourhoodFields, personFields, teamFields } from '../people/people-rows.ts';
import type { PersonalField } from '../people/personal-fields.ts';
import type { RowKind } from './row.ts';

/** What a row of a kind may hold. */
export interface RowShape {
  readonly fields: Readonly<Record<string, z.ZodMiniType>>;
  /** Set at birth and never again. */
  readonly fixed: readonly string[];
  readonly personal: readonly PersonalField[];
  readonly sets: Readonly<Record<string, z.ZodMiniType>>;
  /** The plain field that names the assist this row belongs to. */
  readonly parent: string | null;
}

export const ROW_SHAPES: Readonly<Record<RowKind, RowShape>> = {
  assist: {
    fields: assistFields,
    fixed: ASSIST_FIXED,
    personal: [
      'residentName',
      'residentPhone',
      'residentBirthYear',
      'residentSex',
      'household',
      'note',
      'lateReason',
      'voidReason',
    ],
    sets: {},
    parent: null,
  },
  filing: {
    fields: filingFields,
    fixed: FILING_FIXED,
    personal: ['note'],
    sets: { sightings: sightingSchema },
    parent: 'assist',
  },
  consent: {
    fields: consentFields,
    fixed: ['assist', 'resident', 'wording', 'purposes', 'how', 'givenAt'],
    personal: [],
    sets: {},
    parent: 'assist',
  },
  person: { fields: personFields, fixed: [], personal: [], sets: {}, parent: null },
  team: { fields: teamFields, fixed: [], personal: [], sets: {}, parent: null },
  neighbourhood: { fields: neighbourhoodFields, fixed: [], personal: [], sets: {}, parent: null },
};
