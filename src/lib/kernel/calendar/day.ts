import type { Instant } from '../clock.ts';

declare const dayBrand: unique symbol;

/** A calendar day in Vietnam, 'YYYY-MM-DD', years 1900–9999. Sorts and compares as text. */
export type Day = string & { readonly [dayBrand]: true };

/** Monday is 1, Sunday is 7 (ISO 8601). */
export type Weekday = 1 | 2 | 3 | 4 | 5 | 6 | 7;

const DAY_MS = 86_400_000;

/**
 * Asia/Ho_Chi_Minh as a fixed offset. The zone has been UTC+7 without summer time since
 * 13 June 1975 and no record here is older, so the offset gives the zone's own answer;
 * unlike `Intl` it also gives it on phones whose time-zone data is missing, old or tampered with.
 */
const VIETNAM_OFFSET_MS = 7 * 3_600_000;

const EARLIEST = '1900-01-01';
const LATEST = '9999-12-31';
const DAY_PATTERN = /^\d{4}-\d{2}-\d{2}$/;

/** The first and the last instant that have a {@link Day}: what a gate should accept. */
export const EARLIEST_INSTANT: Instant = Date.parse(`${EARLIEST}T00:00:00Z`) - VIETNAM_OFFSET_MS;
export const LATEST_INSTANT: Instant = Date.parse(`${LATEST}T23:59:59.999Z`) - VIETNAM_OFFSET_MS;

function utcMidnight(day: Day): number {
  return Date.parse(`${day}T00:00:00Z`);
}

function dayAt(utcMs: number): Day {
  const text = new Date(utcMs).toISOString().slice(0, 10);
  if (!DAY_PATTERN.test(text) || text < EARLIEST) throw new RangeError(`no such day: ${text}`);
  return text as Day;
}

/** The Vietnamese calendar day an instant falls on, whatever the machine's zone. Throws outside 1900–9999. */
export function dayOf(instant: Instant): Day {
  return dayAt(instant + VIETNAM_OFFSET_MS);
}

/** 'YYYY-MM-DD' that is a real calendar day, else null (30 February, 2026-13-01, other spellings). */
export function parseDay(text: string): Day | null {
  if (!DAY_PATTERN.test(text) || text < EARLIEST) return null;
  const ms = Date.parse(`${text}T00:00:00Z`);
  if (Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== text) return null;
  return text as Day;
}

/** A day the program itself knows to be real; throws on anything else, for that is a bug. */
export function asDay(text: string): Day {
  const day = parseDay(text);
  if (day === null) throw new RangeError(`not a calendar day: ${text}`);
  return day;
}

/** `count` calendar days later (earlier when negative). */
export function addDays(day: Day, count: number): Day {
  return dayAt(utcMidnight(day) + count * DAY_MS);
}

/** Calendar days from `from` to `to`: 0 on the same day, negative when `to` is earlier. */
export function daysBetween(from: Day, to: Day): number {
  return (utcMidnight(to) - utcMidnight(from)) / DAY_MS;
}

export function weekdayOf(day: Day): Weekday {
  const sundayFirst = new Date(utcMidnight(day)).getUTCDay();
  return (sundayFirst === 0 ? 7 : sundayFirst) as Weekday;
}

/** dd/MM/yyyy, as Vietnamese papers print it. */
export function formatDay(day: Day): string {
  return `${day.slice(8, 10)}/${day.slice(5, 7)}/${day.slice(0, 4)}`;
}

/** dd/MM/yyyy (also d/M/yyyy, with '/', '-' or '.') as a person types it; null when it is no real day. */
export function parseTypedDay(text: string): Day | null {
  const match = /^\s*(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4})\s*$/.exec(text);
  if (match === null) return null;
  const [, day = '', month = '', year = ''] = match;
  return parseDay(`${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`);
}

/** The first instant of the day in Vietnam. */
export function startOfDay(day: Day): Instant {
  return utcMidnight(day) - VIETNAM_OFFSET_MS;
}

/** Minutes since midnight in Vietnam, 0–1439. */
export function minuteOfDay(instant: Instant): number {
  return Math.floor((instant - startOfDay(dayOf(instant))) / 60_000);
}
