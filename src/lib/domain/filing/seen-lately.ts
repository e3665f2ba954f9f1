import { addDays, type Day } from '../../kernel/calendar/day.ts';
import { type WorkingCalendar, workingDaysBetween } from '../../kernel/calendar/working-days.ts';
import type { FilingStatus } from './filing.ts';

/** A filing nobody has looked at for this many working days has no known status (product.md "Filing status"). */
export const UNSEEN_WORKING_DAYS = 10;

/** What is shown of a filing: `unknown` is worked out here and stored nowhere. */
export type ShownStatus = FilingStatus | 'unknown';

/** Known for good, or waiting only for the resident: nobody needs to look again. */
export const KNOWN_FOR_GOOD: readonly FilingStatus[] = [
  'result_ready',
  'result_received',
  'refused',
  'withdrawn',
  'stopped',
];

/** The newest day on which a last look is too long ago. A day that may be a holiday is not counted against anybody. */
export function unseenUpTo(today: Day, calendar: WorkingCalendar): Day {
  let day = today;
  while (workingDaysBetween(day, today, calendar).fewest < UNSEEN_WORKING_DAYS) day = addDays(day, -1);
  return day;
}

/** The standing status, or `unknown` when it was last seen on or before that day. */
export function shownStatus(status: FilingStatus | null, seenOn: string | null, unseen: Day): ShownStatus {
  if (status === null || seenOn === null) return 'unknown';
  return !KNOWN_FOR_GOOD.includes(status) && seenOn <= unseen ? 'unknown' : status;
}
