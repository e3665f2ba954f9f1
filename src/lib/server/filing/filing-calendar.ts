import { unseenUpTo } from '$lib/domain/filing/seen-lately.ts';
import { calendarOf } from '$lib/domain/procedure/holiday.ts';
import type { HolidayPack } from '$lib/domain/procedure/pack.ts';
import { type Day, dayOf } from '$lib/kernel/calendar/day.ts';
import type { Instant } from '$lib/kernel/clock.ts';
import holidays from '../../../content/built/holidays.json' with { type: 'json' };

const calendar = calendarOf(holidays as unknown as HolidayPack);

/** Today in Vietnam, and the day up to which a last look is too long ago. */
export interface FilingDays {
  readonly today: Day;
  readonly unseen: Day;
}

let known: FilingDays | null = null;

export function filingDays(now: Instant): FilingDays {
  const today = dayOf(now);
  if (known?.today !== today) known = { today, unseen: unseenUpTo(today, calendar) };
  return known;
}
