import type { Instant } from '../clock.ts';
import type { Day } from './day.ts';
import { addDays, dayOf, minuteOfDay, weekdayOf } from './day.ts';

/**
 * How sure a row of the holiday calendar is. `confirmed`: published by the authority, or a fixed
 * date of the Labour Code. `computed`: worked out (lunar calendar, a day moved off a weekend).
 * `expected`: announced or likely, not in force as far as we have read.
 * Only `confirmed` rows are relied on; the other two widen a date into a range.
 */
export type HolidayState = 'confirmed' | 'computed' | 'expected';

/** A span of days that differ from the ordinary week. `work` is a weekend day worked in exchange. */
export interface HolidayRow {
  readonly from: Day;
  readonly to: Day;
  readonly kind: 'off' | 'work';
  readonly state: HolidayState;
}

/** What the calendar says of one day: open and closed for certain, or not decided yet. */
export type DayStatus = 'open' | 'closed' | 'unsure';

/** A holiday calendar made ready for counting by {@link workingCalendar}. */
export interface WorkingCalendar {
  readonly coversFrom: Day;
  readonly coversTo: Day;
  readonly exceptions: ReadonlyMap<Day, DayStatus>;
}

/** From the earliest day it can be to the latest; both equal when nothing is in doubt. */
export interface DayRange {
  readonly earliest: Day;
  readonly latest: Day;
  /** False when the count ran outside the years the calendar knows: show no date then. */
  readonly covered: boolean;
}

export interface WorkingDayCount {
  readonly fewest: number;
  readonly most: number;
  readonly covered: boolean;
}

/** No limit of any procedure is near it: a larger number is a slip of the keyboard, or an attack. */
export const MOST_WORKING_DAYS = 2000;

function isWeekend(day: Day): boolean {
  return weekdayOf(day) >= 6;
}

function statusByRow(row: HolidayRow, ordinary: DayStatus): DayStatus {
  const special: DayStatus = row.kind === 'off' ? 'closed' : 'open';
  return special === ordinary || row.state === 'confirmed' ? special : 'unsure';
}

/**
 * Prepares the rows for counting. Where rows overlap the confirmed one wins, whatever their order;
 * two confirmed rows that contradict each other are refused by the content check, the later wins here.
 */
export function workingCalendar(
  rows: readonly HolidayRow[],
  covers: { readonly from: Day; readonly to: Day },
): WorkingCalendar {
  const exceptions = new Map<Day, DayStatus>();
  const leastSureFirst = [...rows].sort(
    (a, b) => Number(a.state === 'confirmed') - Number(b.state === 'confirmed'),
  );
  for (const row of leastSureFirst) {
    for (let day = row.from; day <= row.to; day = addDays(day, 1)) {
      exceptions.set(day, statusByRow(row, isWeekend(day) ? 'closed' : 'open'));
    }
  }
  return { coversFrom: covers.from, coversTo: covers.to, exceptions };
}

export function dayStatus(day: Day, calendar: WorkingCalendar): DayStatus {
  return calendar.exceptions.get(day) ?? (isWeekend(day) ? 'closed' : 'open');
}

function isCovered(from: Day, to: Day, calendar: WorkingCalendar): boolean {
  return from >= calendar.coversFrom && to <= calendar.coversTo;
}

/** The n-th day after `start` that works, where `unsure` days work only for a hopeful count. */
function step(start: Day, count: number, calendar: WorkingCalendar, hopeful: boolean): Day {
  let day = start;
  let left = count;
  while (left > 0) {
    day = addDays(day, 1);
    const status = dayStatus(day, calendar);
    if (status === 'open' || (hopeful && status === 'unsure')) left -= 1;
  }
  return day;
}

/**
 * The day `count` working days after `start`; the start itself is not counted, 0 gives it back.
 * `earliest` has every undecided holiday worked, `latest` has every one of them off.
 * Throws on a count that is no whole number from 0 to {@link MOST_WORKING_DAYS}.
 */
export function addWorkingDays(start: Day | DayRange, count: number, calendar: WorkingCalendar): DayRange {
  if (!Number.isInteger(count) || count < 0 || count > MOST_WORKING_DAYS) {
    throw new RangeError(`not a count of working days: ${String(count)}`);
  }
  const from = typeof start === 'string' ? { earliest: start, latest: start, covered: true } : start;
  const earliest = step(from.earliest, count, calendar, true);
  const latest = step(from.latest, count, calendar, false);
  return { earliest, latest, covered: from.covered && isCovered(from.earliest, latest, calendar) };
}

/**
 * The day from which a filing counts, by when it came in. On a working day up to the cut-off it is
 * that day; after the cut-off, or on a day off, the next working day. `cutoffMinute` is minutes
 * since midnight (civil status: {@link CIVIL_STATUS_CUTOFF}), null where no rule is known.
 */
export function countingStart(
  receivedAt: Instant,
  calendar: WorkingCalendar,
  cutoffMinute: number | null,
): DayRange {
  const day = dayOf(receivedAt);
  const late = cutoffMinute !== null && minuteOfDay(receivedAt) > cutoffMinute;
  if (late) return addWorkingDays(day, 1, calendar);
  const before = addDays(day, -1);
  const next = addWorkingDays(before, 1, calendar);
  return { ...next, covered: isCovered(day, next.latest, calendar) };
}

/** 15:00: civil-status filings that come in later count from the next working day, online ones too. */
export const CIVIL_STATUS_CUTOFF = 15 * 60;

/** Working days after `from`, up to and including `to`; 0 when `to` is not later than `from`. */
export function workingDaysBetween(from: Day, to: Day, calendar: WorkingCalendar): WorkingDayCount {
  let fewest = 0;
  let most = 0;
  for (let day = from; day < to;) {
    day = addDays(day, 1);
    const status = dayStatus(day, calendar);
    if (status === 'open') fewest += 1;
    if (status !== 'closed') most += 1;
  }
  return { fewest, most, covered: to <= from || isCovered(from, to, calendar) };
}
