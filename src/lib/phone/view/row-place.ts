import { parentIdOf } from '../../domain/record/belonging.ts';
import { type Row, rowKey } from '../../domain/record/row.ts';
import { dayOf, EARLIEST_INSTANT, LATEST_INSTANT, parseDay } from '../../kernel/calendar/day.ts';

/** The day a row is listed under: an assist's visit, a filing's submission; '' for rows without one. */
export function listDayOf(row: Row): string {
  if (row.kind === 'assist') {
    const at = row.fields['occurredAt'];
    return typeof at === 'number' && at >= EARLIEST_INSTANT && at <= LATEST_INSTANT ? dayOf(at) : '';
  }
  if (row.kind === 'filing') {
    const day = row.fields['submittedDay'];
    return typeof day === 'string' ? (parseDay(day) ?? '') : '';
  }
  return '';
}

/** Key of the assist a row belongs to, or ''. */
export function parentKeyOf(row: Row): string {
  const parent = parentIdOf(row);
  return parent === null ? '' : rowKey('assist', parent);
}
