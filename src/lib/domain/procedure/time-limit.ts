import * as z from 'zod/mini';
import type { Instant } from '../../kernel/clock.ts';
import { addDays } from '../../kernel/calendar/day.ts';
import type { DayRange, WorkingCalendar } from '../../kernel/calendar/working-days.ts';
import { addWorkingDays, CIVIL_STATUS_CUTOFF, countingStart } from '../../kernel/calendar/working-days.ts';
import type { Fact } from './fact.ts';

const words = z.string().check(z.minLength(1), z.maxLength(300));
const count = z.int().check(z.gte(1), z.lte(400));

const counted = {
  /** The ordinary case, and the longest where the law names cases. */
  count,
  longest: z.optional(count),
  words,
  printed: z.nullable(words),
  /** Civil status: what comes in after 15:00 counts from the next working day. */
  cutoff: z.optional(z.literal('15:00')),
};

/**
 * How long the authority may take. `unknown` also where the record holds a number that has lost its
 * unit ("1", "3"): it is shown as "xem trên Cổng", never guessed. `printed` is the record's own wording.
 */
export const timeLimitSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('working_days'), ...counted }),
  z.strictObject({ kind: z.literal('days'), ...counted }),
  z.strictObject({
    kind: z.literal('same_day'),
    words,
    printed: z.nullable(words),
    cutoff: z.optional(z.literal('15:00')),
  }),
  z.strictObject({ kind: z.literal('schedule'), words, printed: z.nullable(words) }),
  z.strictObject({ kind: z.literal('unknown'), words, printed: z.nullable(words) }),
]);
export type TimeLimit = z.infer<typeof timeLimitSchema>;

/** Ngày dự kiến: the range, and the first day it was counted from ("tính từ ngày …"). */
export interface DueEstimate extends DayRange {
  readonly from: DayRange['earliest'];
}

function added(limit: TimeLimit, from: DayRange, calendar: WorkingCalendar): DayRange | null {
  switch (limit.kind) {
    case 'same_day':
      return from;
    case 'working_days': {
      const first = addWorkingDays(from, limit.count, calendar);
      const last = addWorkingDays(from, limit.longest ?? limit.count, calendar);
      return { earliest: first.earliest, latest: last.latest, covered: last.covered };
    }
    case 'days': {
      // A calendar deadline on a day off: handed over on the working day after it at the latest.
      const dayBefore = addDays(from.latest, (limit.longest ?? limit.count) - 1);
      const last = addWorkingDays(dayBefore, 1, calendar);
      const earliest = addDays(from.earliest, limit.count);
      return { earliest, latest: last.latest, covered: from.covered && last.covered };
    }
    case 'schedule':
    case 'unknown':
      return null;
  }
}

/**
 * When the result may be expected for a filing that came in at `receivedAt`. Null, so that nothing
 * is promised: no counted limit, a limit of low or unknown state, one that no longer holds on the
 * day of receipt, or a date beyond the holiday calendar. Never an official date: it cannot make
 * anything "quá hạn".
 */
export function estimateDue(
  fact: Fact<TimeLimit>,
  receivedAt: Instant,
  calendar: WorkingCalendar,
): DueEstimate | null {
  if (fact.state === 'low' || fact.state === 'unknown') return null;
  const limit = fact.value;
  const cutoff = 'cutoff' in limit && limit.cutoff === '15:00' ? CIVIL_STATUS_CUTOFF : null;
  const from = countingStart(receivedAt, calendar, cutoff);
  if (fact.validUntil !== undefined && from.earliest > fact.validUntil) return null;
  const due = added(limit, from, calendar);
  return due?.covered === true ? { ...due, from: from.earliest } : null;
}
