import { dayOf, EARLIEST_INSTANT, formatDay, LATEST_INSTANT, minuteOfDay } from '$lib/kernel/calendar/day.ts';
import type { Instant } from '$lib/kernel/clock.ts';

const two = (value: number): string => String(value).padStart(2, '0');

/** "09:42", by Vietnam's clock. */
export function clockText(at: Instant): string {
  const minute = minuteOfDay(at);
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}

/** "09:42, 23/11/2026", by Vietnam's clock; a dash for what no calendar holds (a clock thousands of years off). */
export function momentText(at: Instant): string {
  if (!(at >= EARLIEST_INSTANT && at <= LATEST_INSTANT)) return '–';
  return `${clockText(at)}, ${formatDay(dayOf(at))}`;
}
