import * as z from 'zod/mini';
import type { WorkingCalendar } from '../../kernel/calendar/working-days.ts';
import { workingCalendar } from '../../kernel/calendar/working-days.ts';
import { daySchema } from './fact.ts';

/** A row of the holiday calendar: what, how sure, where it was read. An administrator may edit it. */
export const holidaySchema = z.strictObject({
  from: daySchema,
  to: daySchema,
  kind: z.enum(['off', 'work']),
  state: z.enum(['confirmed', 'computed', 'expected']),
  name: z.string().check(z.minLength(3), z.maxLength(80)),
  source: z.string().check(z.minLength(1), z.maxLength(60)),
  note: z.optional(z.string().check(z.maxLength(240))),
});
export type Holiday = z.infer<typeof holidaySchema>;

/** The calendar pack as the counting of working days wants it. */
export function calendarOf(pack: {
  readonly entries: readonly Holiday[];
  readonly covers: Parameters<typeof workingCalendar>[1];
}): WorkingCalendar {
  return workingCalendar(pack.entries, pack.covers);
}
