import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addDays,
  asDay,
  dayOf,
  daysBetween,
  EARLIEST_INSTANT,
  formatDay,
  LATEST_INSTANT,
  minuteOfDay,
  parseDay,
  parseTypedDay,
  startOfDay,
  weekdayOf,
} from './day.ts';

const anyInstant = fc.integer({ min: Date.UTC(1976, 0, 1), max: Date.UTC(2200, 0, 1) });
const anyDay = anyInstant.map(dayOf);

describe('E5 days are Vietnamese days', () => {
  it('turns at 17:00 UTC, not at the midnight of the machine', () => {
    expect(dayOf(Date.parse('2026-11-22T16:59:59.999Z'))).toBe('2026-11-22');
    expect(dayOf(Date.parse('2026-11-22T17:00:00Z'))).toBe('2026-11-23');
    expect(dayOf(Date.parse('2026-12-31T17:00:00Z'))).toBe('2027-01-01');
  });

  it('agrees with the time-zone database since 1976', () => {
    const zone = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Ho_Chi_Minh', dateStyle: 'short' });
    fc.assert(fc.property(anyInstant, (at) => dayOf(at) === zone.format(at)));
  });

  it('knows the first and the last instant it can name, and refuses the next ones', () => {
    expect(dayOf(EARLIEST_INSTANT)).toBe('1900-01-01');
    expect(dayOf(LATEST_INSTANT)).toBe('9999-12-31');
    expect(() => dayOf(EARLIEST_INSTANT - 1)).toThrow(RangeError);
    expect(() => dayOf(LATEST_INSTANT + 1)).toThrow(RangeError);
    expect(() => dayOf(Number.NaN)).toThrow(RangeError);
  });

  it('starts a day at its first instant and counts minutes from it', () => {
    fc.assert(
      fc.property(anyDay, (day) => {
        expect(dayOf(startOfDay(day))).toBe(day);
        expect(dayOf(startOfDay(day) - 1)).toBe(addDays(day, -1));
        expect(minuteOfDay(startOfDay(day))).toBe(0);
        expect(minuteOfDay(startOfDay(day) - 1)).toBe(1439);
      }),
    );
    expect(minuteOfDay(Date.parse('2026-11-22T08:00:59Z'))).toBe(15 * 60);
  });
});

describe('parseDay', () => {
  it.each(['2026-02-28', '2028-02-29', '2026-12-31', '1900-01-01', '9999-12-31'])('takes %s', (text) => {
    expect(parseDay(text)).toBe(text);
  });
  it.each([
    '2026-02-29',
    '2026-02-30',
    '2026-13-01',
    '2026-00-10',
    '2026-04-31',
    '1899-12-31',
    '2026-1-1',
    '26-01-01',
    ' 2026-01-01',
    '2026-01-01T00:00:00Z',
    '+010000-01-01',
    '٢٠٢٦-01-01',
    '',
  ])('refuses %j', (text) => {
    expect(parseDay(text)).toBeNull();
  });
  it('throws where the program itself is wrong', () => {
    expect(() => asDay('2026-02-30')).toThrow(/2026-02-30/);
    expect(asDay('2026-02-03')).toBe('2026-02-03');
  });
});

describe('E5 dd/MM/yyyy', () => {
  it('prints with leading zeros and reads back', () => {
    expect(formatDay(asDay('2026-02-03'))).toBe('03/02/2026');
    fc.assert(fc.property(anyDay, (day) => parseTypedDay(formatDay(day)) === day));
  });
  it('reads what people type, day first', () => {
    expect(parseTypedDay(' 3.2.2026 ')).toBe('2026-02-03');
    expect(parseTypedDay('3-2-2026')).toBe('2026-02-03');
    expect(parseTypedDay('12/31/2026')).toBeNull();
    expect(parseTypedDay('31/4/2026')).toBeNull();
    expect(parseTypedDay('3/2/26')).toBeNull();
  });
});

describe('arithmetic', () => {
  it('adds and counts calendar days over months, years and leap days', () => {
    expect(addDays(asDay('2028-02-28'), 1)).toBe('2028-02-29');
    expect(addDays(asDay('2026-12-31'), 1)).toBe('2027-01-01');
    expect(daysBetween(asDay('2026-01-01'), asDay('2027-01-01'))).toBe(365);
    expect(daysBetween(asDay('2026-01-02'), asDay('2026-01-01'))).toBe(-1);
    fc.assert(
      fc.property(anyDay, fc.integer({ min: -4000, max: 4000 }), (day, count) => {
        return daysBetween(day, addDays(day, count)) === count;
      }),
    );
  });
  it('names the weekday, Monday first', () => {
    expect(weekdayOf(asDay('2026-11-22'))).toBe(7);
    expect(weekdayOf(asDay('2026-11-23'))).toBe(1);
    expect(weekdayOf(asDay('2027-02-06'))).toBe(6);
  });
});
