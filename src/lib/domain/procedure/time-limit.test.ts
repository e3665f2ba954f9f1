import { describe, expect, it } from 'vitest';
import { asDay } from '../../kernel/calendar/day.ts';
import type { Fact } from './fact.ts';
import { calendarOf } from './holiday.ts';
import type { TimeLimit } from './time-limit.ts';
import { estimateDue, timeLimitSchema } from './time-limit.ts';

const CALENDAR = calendarOf({
  covers: { from: asDay('2026-01-01'), to: asDay('2027-12-31') },
  entries: [
    {
      from: asDay('2026-11-24'),
      to: asDay('2026-11-24'),
      kind: 'off',
      state: 'expected',
      name: 'Ngày Văn hoá',
      source: 'x',
    },
  ],
});

const WORDS = { words: 'lời', printed: null };

function fact(value: TimeLimit, more: Partial<Fact<TimeLimit>> = {}): Fact<TimeLimit> {
  return { value, state: 'medium', source: 'portal', ...more };
}

function due(value: TimeLimit, receivedAt: string, more: Partial<Fact<TimeLimit>> = {}) {
  const estimate = estimateDue(fact(value, more), Date.parse(`${receivedAt}:00+07:00`), CALENDAR);
  return estimate && [estimate.from, estimate.earliest, estimate.latest];
}

const THREE: TimeLimit = { kind: 'working_days', count: 3, ...WORDS };

describe('L2 ngày dự kiến', () => {
  it('counts working days from the day after receipt', () => {
    expect(due(THREE, '2026-11-16T09:00')).toEqual(['2026-11-16', '2026-11-19', '2026-11-19']);
  });

  it('becomes a range over an unconfirmed holiday, and where the law names a longest case', () => {
    expect(due(THREE, '2026-11-23T09:00')).toEqual(['2026-11-23', '2026-11-26', '2026-11-27']);
    expect(due({ ...THREE, longest: 5 }, '2026-11-09T09:00')).toEqual([
      '2026-11-09',
      '2026-11-12',
      '2026-11-16',
    ]);
  });

  it('civil status after 15:00 counts from the next working day', () => {
    const limit: TimeLimit = { ...THREE, cutoff: '15:00' };
    expect(due(limit, '2026-11-16T15:00')).toEqual(['2026-11-16', '2026-11-19', '2026-11-19']);
    expect(due(limit, '2026-11-16T20:00')).toEqual(['2026-11-17', '2026-11-20', '2026-11-20']);
    const today: TimeLimit = { kind: 'same_day', cutoff: '15:00', ...WORDS };
    expect(due(today, '2026-11-16T10:00')).toEqual(['2026-11-16', '2026-11-16', '2026-11-16']);
    expect(due(today, '2026-11-20T16:00')).toEqual(['2026-11-23', '2026-11-23', '2026-11-23']);
  });

  it('calendar days that end on a day off may come on the next working day', () => {
    const ten: TimeLimit = { kind: 'days', count: 10, ...WORDS };
    expect(due(ten, '2026-11-02T09:00')).toEqual(['2026-11-02', '2026-11-12', '2026-11-12']);
    expect(due(ten, '2026-11-05T09:00')).toEqual(['2026-11-05', '2026-11-15', '2026-11-16']);
  });

  it('promises nothing where nothing is known', () => {
    expect(due({ kind: 'unknown', words: 'Xem trên Cổng', printed: '1' }, '2026-11-16T09:00')).toBeNull();
    expect(due({ kind: 'schedule', ...WORDS }, '2026-11-16T09:00')).toBeNull();
    expect(due(THREE, '2026-11-16T09:00', { state: 'low' })).toBeNull();
    expect(due(THREE, '2026-11-16T09:00', { state: 'unknown' })).toBeNull();
    expect(due(THREE, '2027-12-30T09:00')).toBeNull();
    expect(due(THREE, '2025-12-30T09:00')).toBeNull();
  });

  it('stops on the day after the limit no longer holds', () => {
    const until = { validUntil: asDay('2026-11-16') };
    expect(due(THREE, '2026-11-16T23:59', until)).not.toBeNull();
    expect(due(THREE, '2026-11-17T00:00', until)).toBeNull();
  });
});

describe('the shape of a time limit', () => {
  it('has no room for an unknown limit with a number', () => {
    expect(timeLimitSchema.safeParse({ kind: 'unknown', count: 1, ...WORDS }).success).toBe(false);
    expect(timeLimitSchema.safeParse({ kind: 'working_days', ...WORDS }).success).toBe(false);
    expect(timeLimitSchema.safeParse({ kind: 'working_days', count: 0, ...WORDS }).success).toBe(false);
    expect(timeLimitSchema.safeParse(THREE).success).toBe(true);
  });
});
