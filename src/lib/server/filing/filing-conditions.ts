import type { ListFilter } from '../assist/list-filter.ts';
import type { Transaction } from '../database/pool.ts';
import { KNOWN_FOR_GOOD } from '$lib/domain/filing/seen-lately.ts';
import type { FilingDays } from './filing-calendar.ts';

/** SQL: the status shown of filing `f`, as `shownStatus` of the domain has it. */
export function shownStatusSql(tx: Transaction, days: FilingDays) {
  return tx`(case
    when f.status is null or f.status_day is null then 'unknown'
    when f.status not in ${tx([...KNOWN_FOR_GOOD])} and f.status_day <= ${days.unseen} then 'unknown'
    else f.status end)`;
}

/** SQL: filing `f` has the wanted procedure and status. */
export function filingIs(
  tx: Transaction,
  filter: Pick<ListFilter, 'procedure' | 'status'>,
  days: FilingDays,
) {
  const procedure = filter.procedure === null ? tx`true` : tx`f.procedure = ${filter.procedure}`;
  const status = filter.status === null ? tx`true` : tx`${shownStatusSql(tx, days)} = ${filter.status}`;
  return tx`(${procedure} and ${status})`;
}
