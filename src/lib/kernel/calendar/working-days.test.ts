import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Day } from './day.ts';
import { addDays, asDay, weekdayOf } from './day.ts';
import type { HolidayRow, HolidayState } from './working-days.ts';
import {
  addWorkingDays,
  CIVIL_STATUS_CUTOFF,
  countingStart,
  dayStatus,
  workingCalendar,
  workingDaysBetween,
} from './working-days.ts';

function row(from: string, to: string, state: HolidayState, kind: 'off' | 'work' = 'off'): HolidayRow {
  return { from: asDay(from), to: asDay(to), state, kind };
}

const YEARS = { from: asDay('2026-01-01'), to: asDay('2027-12-31') };
const CALENDAR = workingCalendar(
  [
    row('2026-02-14', '2026-02-22', 'confirmed'),
    row('2026-04-27', '2026-04-27', 'computed'),
    row('2026-04-30', '2026-05-01', 'confirmed'),
    row('2026-09-02', '2026-09-02', 'confirmed'),
    row('2026-11-24', '2026-11-24', 'expected'),
    row('2027-01-01', '2027-01-01', 'confirmed'),
    row('2027-02-04', '2027-02-12', 'computed'),
  ],
  YEARS,
);

function after(start: string, count: number) {
  const { earliest, latest, covered } = addWorkingDays(asDay(start), count, CALENDAR);
  return [earliest, latest, covered];
}

/** 2026-11-20 is a Friday; hours are Vietnamese. */
function at(text: string): number {
  return Date.parse(`${text}:00+07:00`);
}

describe('L2 working days: an estimate never guesses a holiday', () => {
  it('skips Saturdays, Sundays and confirmed holidays', () => {
    expect(after('2026-11-13', 1)).toEqual(['2026-11-16', '2026-11-16', true]);
    expect(after('2026-02-13', 1)).toEqual(['2026-02-23', '2026-02-23', true]);
    expect(after('2026-04-29', 1)).toEqual(['2026-05-04', '2026-05-04', true]);
    expect(after('2026-12-31', 1)).toEqual(['2027-01-04', '2027-01-04', true]);
  });

  it('widens to a range over a holiday that is only computed or expected', () => {
    expect(after('2026-11-23', 1)).toEqual(['2026-11-24', '2026-11-25', true]);
    expect(after('2026-11-20', 3)).toEqual(['2026-11-25', '2026-11-26', true]);
    expect(after('2026-04-24', 1)).toEqual(['2026-04-27', '2026-04-28', true]);
  });

  it('Tết 2027: each working day of the window is unsure, its weekend is off for certain', () => {
    const unsure = ['04', '05', '08', '09', '10', '11', '12'];
    for (const day of unsure) expect(dayStatus(asDay(`2027-02-${day}`), CALENDAR)).toBe('unsure');
    expect(dayStatus(asDay('2027-02-06'), CALENDAR)).toBe('closed');
    expect(after('2027-02-03', 1)).toEqual(['2027-02-04', '2027-02-15', true]);
    expect(after('2027-02-03', 8)).toEqual(['2027-02-15', '2027-02-24', true]);
  });

  it('says when it ran out of the years it knows', () => {
    expect(after('2027-12-30', 1)).toEqual(['2027-12-31', '2027-12-31', true]);
    expect(after('2027-12-31', 1)[2]).toBe(false);
    expect(after('2025-12-31', 1)[2]).toBe(false);
  });

  it('gives the start back for 0 and refuses what is no count', () => {
    expect(after('2026-11-22', 0)).toEqual(['2026-11-22', '2026-11-22', true]);
    for (const count of [-1, 1.5, Number.NaN, 2001, Infinity]) {
      expect(() => addWorkingDays(asDay('2026-11-20'), count, CALENDAR)).toThrow(RangeError);
    }
  });

  it('counts a weekend worked in exchange, once it is confirmed', () => {
    const exchanged = (state: HolidayState) =>
      workingCalendar([row('2026-08-22', '2026-08-22', state, 'work')], YEARS);
    const friday = asDay('2026-08-21');
    expect(addWorkingDays(friday, 1, exchanged('confirmed'))).toMatchObject({
      earliest: '2026-08-22',
      latest: '2026-08-22',
    });
    expect(addWorkingDays(friday, 1, exchanged('expected'))).toMatchObject({
      earliest: '2026-08-22',
      latest: '2026-08-24',
    });
  });

  it('lets the confirmed row win over an unconfirmed one, in either order', () => {
    const sure = row('2026-11-24', '2026-11-24', 'confirmed');
    const unsure = row('2026-11-23', '2026-11-25', 'expected');
    for (const rows of [
      [sure, unsure],
      [unsure, sure],
    ]) {
      const calendar = workingCalendar(rows, YEARS);
      expect(dayStatus(asDay('2026-11-24'), calendar)).toBe('closed');
      expect(dayStatus(asDay('2026-11-25'), calendar)).toBe('unsure');
    }
  });
});

describe('L2 from when a filing counts', () => {
  const start = (text: string, cutoff: number | null) => {
    const { earliest, latest } = countingStart(at(text), CALENDAR, cutoff);
    return [earliest, latest];
  };

  it('civil status: up to 15:00 the same day, later the next working day', () => {
    expect(start('2026-11-18T15:00', CIVIL_STATUS_CUTOFF)).toEqual(['2026-11-18', '2026-11-18']);
    expect(start('2026-11-18T15:01', CIVIL_STATUS_CUTOFF)).toEqual(['2026-11-19', '2026-11-19']);
    expect(start('2026-11-20T20:30', CIVIL_STATUS_CUTOFF)).toEqual(['2026-11-23', '2026-11-23']);
    expect(start('2026-11-23T20:30', CIVIL_STATUS_CUTOFF)).toEqual(['2026-11-24', '2026-11-25']);
  });

  it('without a known cut-off the evening of a working day still is that day', () => {
    expect(start('2026-11-20T20:30', null)).toEqual(['2026-11-20', '2026-11-20']);
  });

  it('on a day off: the next working day; on an undecided one: both are possible', () => {
    expect(start('2026-11-22T09:00', null)).toEqual(['2026-11-23', '2026-11-23']);
    expect(start('2026-11-24T09:00', null)).toEqual(['2026-11-24', '2026-11-25']);
  });

  it('carries the range on into the deadline', () => {
    const from = countingStart(at('2026-11-23T16:00'), CALENDAR, CIVIL_STATUS_CUTOFF);
    expect(addWorkingDays(from, 3, CALENDAR)).toEqual({
      earliest: '2026-11-27',
      latest: '2026-11-30',
      covered: true,
    });
  });
});

describe('L4 working days between', () => {
  it('counts after the first day, up to and with the last', () => {
    expect(workingDaysBetween(asDay('2026-11-16'), asDay('2026-11-20'), CALENDAR)).toEqual({
      fewest: 4,
      most: 4,
      covered: true,
    });
    expect(workingDaysBetween(asDay('2026-11-20'), asDay('2026-11-25'), CALENDAR)).toEqual({
      fewest: 2,
      most: 3,
      covered: true,
    });
    expect(workingDaysBetween(asDay('2026-11-20'), asDay('2026-11-20'), CALENDAR).most).toBe(0);
    expect(workingDaysBetween(asDay('2026-11-20'), asDay('2026-11-01'), CALENDAR).most).toBe(0);
    expect(workingDaysBetween(asDay('2027-12-30'), asDay('2028-01-05'), CALENDAR).covered).toBe(false);
  });

  const day: fc.Arbitrary<Day> = fc.integer({ min: 0, max: 600 }).map((n) => addDays(YEARS.from, n));

  it('is the inverse of adding, at both ends of the range', () => {
    fc.assert(
      fc.property(day, fc.integer({ min: 1, max: 60 }), (start, count) => {
        const due = addWorkingDays(start, count, CALENDAR);
        expect(workingDaysBetween(start, due.earliest, CALENDAR).most).toBe(count);
        expect(workingDaysBetween(start, due.latest, CALENDAR).fewest).toBe(count);
        expect(due.earliest <= due.latest).toBe(true);
      }),
    );
  });

  it('never ends on a Saturday, a Sunday or a day closed for certain', () => {
    fc.assert(
      fc.property(day, fc.integer({ min: 1, max: 60 }), (start, count) => {
        const { earliest, latest } = addWorkingDays(start, count, CALENDAR);
        for (const end of [earliest, latest]) {
          expect(weekdayOf(end)).toBeLessThan(6);
          expect(dayStatus(end, CALENDAR)).not.toBe('closed');
        }
      }),
    );
  });
});
