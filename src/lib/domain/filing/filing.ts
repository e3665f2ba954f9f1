import * as z from 'zod/mini';
import { personIdSchema, rowIdSchema } from '../record/ids.ts';
import { FILING_STATUSES, SIGHTING_SOURCES } from './filing-course.ts';

export type FilingStatus = (typeof FILING_STATUSES)[number];
export type SightingSource = (typeof SIGHTING_SOURCES)[number];

const day = z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}$/));

/** Somebody saw or heard a status on a day. Sightings are added, never set: two people never clash. */
export const sightingSchema = z.strictObject({
  status: z.enum(FILING_STATUSES),
  day,
  source: z.enum(SIGHTING_SOURCES),
  by: personIdSchema,
});
export type Sighting = z.infer<typeof sightingSchema>;

/** The plain fields of a filing (hồ sơ) brought by an assist. */
export const filingFields = {
  assist: rowIdSchema,
  resident: rowIdSchema,
  procedure: z.string().check(z.regex(/^[a-z0-9][a-z0-9.-]{0,79}$/)),
  /** Version of the content pack that estimate and fee were worked out from. */
  packVersion: z.nullable(z.string().check(z.maxLength(40))),
  /** As typed after normalising; may be implausible (flagged). Null: submitted without a code. */
  code: z.nullable(z.string().check(z.maxLength(60))),
  submittedDay: day,
  /** Ngày hẹn: printed by the Cổng. The only date that makes "quá hạn". */
  officialDay: z.nullable(day),
  /** Ngày dự kiến, worked out by working days; a range where a holiday is unconfirmed. */
  estimate: z.nullable(z.strictObject({ earliest: day, latest: day, from: day })),
  /** The one named person who follows it. */
  followedBy: personIdSchema,
  voided: z.boolean(),
} as const;
export type FilingField = keyof typeof filingFields;
export type FilingValues = { readonly [field in FilingField]: z.infer<(typeof filingFields)[field]> };

export const FILING_FIXED: readonly FilingField[] = ['assist', 'resident'];
