import { FILING_STATUSES } from '$lib/domain/filing/filing-course.ts';
import type { ShownStatus } from '$lib/domain/filing/seen-lately.ts';
import { addDays, type Day, parseDay, parseTypedDay, weekdayOf } from '$lib/kernel/calendar/day.ts';
import { UUID_PATTERN } from '$lib/kernel/uuid.ts';

export const LIST_VIEWS = ['assists', 'filings'] as const;
export const LIST_PERIODS = ['all', 'day', 'week', 'month', 'range'] as const;
/** Newest or oldest first; `due` = what falls due soonest, filings only. */
export const LIST_SORTS = ['newest', 'oldest', 'due'] as const;
export const SHOWN_STATUSES: readonly ShownStatus[] = [...FILING_STATUSES, 'unknown'];

/** The place after which a page begins: the last row's sort value and id. */
export interface PageAfter {
  readonly day: string;
  readonly id: string;
}

/** What the address of the list asks for. Every part was checked; what was not understood is left out. */
export interface ListFilter {
  readonly view: (typeof LIST_VIEWS)[number];
  readonly team: string | null;
  readonly procedure: string | null;
  readonly status: ShownStatus | null;
  readonly period: (typeof LIST_PERIODS)[number];
  readonly from: Day | null;
  readonly to: Day | null;
  readonly sort: (typeof LIST_SORTS)[number];
  readonly after: PageAfter | null;
}

function oneOf<T extends string>(list: readonly T[], text: string | null): T | null {
  return list.find((item) => item === text) ?? null;
}

function matching(pattern: RegExp, text: string | null): string | null {
  return text !== null && pattern.test(text) ? text : null;
}

/** A day as the address has it, or as a person types it. */
function readDay(text: string | null): Day | null {
  return text === null ? null : (parseDay(text) ?? parseTypedDay(text));
}

function monthEnd(today: Day): Day {
  const next = addDays(`${today.slice(0, 7)}-28` as Day, 4);
  return addDays(`${next.slice(0, 7)}-01` as Day, -1);
}

/** Days that were filled in count also where the period was left at "all". */
function periodOf(params: URLSearchParams): ListFilter['period'] {
  const asked = oneOf(LIST_PERIODS, params.get('period')) ?? 'all';
  const days = readDay(params.get('from')) ?? readDay(params.get('to'));
  return asked === 'all' && days !== null ? 'range' : asked;
}

function boundsOf(params: URLSearchParams, period: ListFilter['period'], today: Day) {
  switch (period) {
    case 'day':
      return { from: today, to: today };
    case 'week': {
      const from = addDays(today, 1 - weekdayOf(today));
      return { from, to: addDays(from, 6) };
    }
    case 'month':
      return { from: `${today.slice(0, 7)}-01` as Day, to: monthEnd(today) };
    case 'range': {
      const [from, to] = [readDay(params.get('from')), readDay(params.get('to'))];
      return from !== null && to !== null && from > to ? { from: to, to: from } : { from, to };
    }
    case 'all':
      return { from: null, to: null };
  }
}

function readAfter(text: string | null): PageAfter | null {
  const [day = '', id = ''] = (text ?? '').split('~');
  const known = day === '' || day === '9999' || parseDay(day) !== null;
  return known && UUID_PATTERN.test(id) ? { day, id } : null;
}

/** Reads the filters out of the address. Nothing in it can fail: a page that was bookmarked always opens. */
export function readListFilter(params: URLSearchParams, today: Day): ListFilter {
  const view = oneOf(LIST_VIEWS, params.get('view')) ?? 'assists';
  const period = periodOf(params);
  const sort = oneOf(LIST_SORTS, params.get('sort')) ?? 'newest';
  return {
    view,
    team: matching(UUID_PATTERN, params.get('team')),
    procedure: matching(/^[a-z0-9][a-z0-9.-]{0,79}$/, params.get('procedure')),
    status: oneOf(SHOWN_STATUSES, params.get('status')),
    period,
    ...boundsOf(params, period, today),
    sort: sort === 'due' && view === 'assists' ? 'newest' : sort,
    after: readAfter(params.get('after')),
  };
}
