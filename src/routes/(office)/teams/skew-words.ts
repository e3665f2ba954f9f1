import type { OfficeWords } from '$lib/messages/office-words.ts';

const HOUR = 60;
const DAY = 24 * HOUR;

/** How far a device's clock is off, in the largest unit that says it. */
export function skewWords(text: OfficeWords['officePeople']['person']['device'], skewMs: number): string {
  const minutes = Math.round(Math.abs(skewMs) / 60_000);
  const by =
    minutes >= 2 * DAY
      ? text.days(Math.round(minutes / DAY))
      : minutes >= 2 * HOUR
        ? text.hours(Math.round(minutes / HOUR))
        : text.minutes(minutes);
  return skewMs > 0 ? text.fast(by) : text.slow(by);
}
