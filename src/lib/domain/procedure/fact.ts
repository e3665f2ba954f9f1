import * as z from 'zod/mini';
import type { Day } from '../../kernel/calendar/day.ts';
import { parseDay } from '../../kernel/calendar/day.ts';

/** How far a fact can be relied on. `unknown` says that nobody found it: its value is then empty. */
export const FACT_STATES = ['high', 'medium', 'low', 'unknown'] as const;
export type FactState = (typeof FACT_STATES)[number];

/** One thing we say about a procedure, with where it was read and until when it holds. */
export interface Fact<T> {
  readonly value: T;
  readonly state: FactState;
  /** Key in the pack's list of sources. */
  readonly source: string;
  /** Last day the value holds; after it the value is shown struck out. */
  readonly validUntil?: Day | undefined;
}

/** A real calendar day, 'YYYY-MM-DD'. */
export const daySchema = z.pipe(
  z.string().check(z.refine((text) => parseDay(text) !== null, 'not a calendar day')),
  z.transform((text) => text as Day),
);

export function factOf<T extends z.core.$ZodType>(value: T) {
  return z.strictObject({
    value,
    state: z.enum(FACT_STATES),
    source: z.string().check(z.minLength(1), z.maxLength(60)),
    validUntil: z.optional(daySchema),
  });
}

function isSourceDate(text: string): boolean {
  return parseDay(text.length === 7 ? `${text}-01` : text) !== null;
}

/** Where facts were read. `date` is when the page said so, as exactly as it is known. */
export const sourceSchema = z.strictObject({
  title: z.string().check(z.minLength(5), z.maxLength(200)),
  date: z.string().check(z.refine(isSourceDate, 'not YYYY-MM or YYYY-MM-DD')),
  url: z.optional(z.url({ protocol: /^https$/ })),
});
export type FactSource = z.infer<typeof sourceSchema>;

/** Whether the value no longer holds on `today`. */
export function isExpired(fact: Pick<Fact<unknown>, 'validUntil'>, today: Day): boolean {
  return fact.validUntil !== undefined && today > fact.validUntil;
}

/** Weak enough to send the reader to the Cổng. */
export function isUnsure(fact: Pick<Fact<unknown>, 'state'>): boolean {
  return fact.state === 'low' || fact.state === 'unknown';
}
