import { type Lateness, latenessOf } from '$lib/domain/filing/filing-status.ts';
import type { ShownStatus } from '$lib/domain/filing/seen-lately.ts';
import { PAGE_ROWS, type ListAsk, type ListCounts } from '../assist/assist-rows.ts';
import type { Transaction } from '../database/pool.ts';
import { filingIs, shownStatusSql } from './filing-conditions.ts';

/** One line of the office's list of filings: nothing personal in it. */
export interface FilingLine {
  readonly id: string;
  readonly procedure: string;
  readonly code: string | null;
  readonly submittedDay: string;
  readonly officialDay: string | null;
  readonly estimateLatest: string | null;
  readonly status: ShownStatus;
  /** When the status was last seen. */
  readonly statusDay: string | null;
  readonly lateness: Lateness;
  readonly voided: boolean;
  readonly openClashes: number;
  readonly team: string | null;
  readonly followedBy: string | null;
  readonly receivedAt: Date;
  /** What the list is sorted by: where the next page begins. */
  readonly place: string;
}

export interface FilingCounts extends ListCounts {
  readonly overdue: number;
}

type Stored = Omit<FilingLine, 'lateness'> & { readonly known: Parameters<typeof latenessOf>[1] | null };

function within(tx: Transaction, { ward, scope, filter, days }: ListAsk) {
  const reach = scope.everything
    ? tx`true`
    : tx`(f.team = any(${[...scope.teams]}) or f.followed_by = ${scope.person} or exists (
        select 1 from assist a where a.ward_id = f.ward_id and a.id = f.assist::uuid
        and (a.entered_by = ${scope.person} or a.body #> '{fields,performedBy}' ? ${scope.person})))`;
  const team = filter.team === null ? tx`true` : tx`f.team = ${filter.team}`;
  const from = filter.from === null ? tx`true` : tx`f.submitted_day >= ${filter.from}`;
  const to = filter.to === null ? tx`true` : tx`f.submitted_day <= ${filter.to}`;
  return tx`f.ward_id = ${ward} and ${reach} and ${team} and ${from} and ${to} and ${filingIs(tx, filter, days)}`;
}

/** Sort value, and the way round. Filings without any date come last. */
function orderOf(tx: Transaction, { filter }: ListAsk) {
  const due = filter.sort === 'due';
  const place = due ? tx`coalesce(f.official_day, f.estimate_latest, '9999')` : tx`f.submitted_day`;
  const ascending = due || filter.sort === 'oldest';
  const { after } = filter;
  return {
    place,
    order: ascending ? tx`${place} asc, f.id asc` : tx`${place} desc, f.id desc`,
    after:
      after === null
        ? tx`true`
        : ascending
          ? tx`(${place}, f.id) > (${after.day}, ${after.id}::uuid)`
          : tx`(${place}, f.id) < (${after.day}, ${after.id}::uuid)`,
  };
}

/** A page of filings, one more than fits. */
export async function readFilingPage(tx: Transaction, ask: ListAsk): Promise<readonly FilingLine[]> {
  const { place, order, after } = orderOf(tx, ask);
  const rows = await tx<Stored[]>`
    with f as (
      select f.* from filing f where ${within(tx, ask)} and ${after} order by ${order} limit ${PAGE_ROWS + 1}
    )
    select f.id, f.procedure, f.code, f.submitted_day as "submittedDay", f.official_day as "officialDay",
      f.estimate_latest as "estimateLatest", f.status_day as "statusDay", f.voided, f.open_clashes as "openClashes",
      f.received_at as "receivedAt", ${place} as place, f.status as known, ${shownStatusSql(tx, ask.days)} as status,
      t.name as team, p.name as "followedBy"
    from f
    left join team t on t.ward_id = f.ward_id and t.id = f.team::uuid
    left join person p on p.ward_id = f.ward_id and p.id = f.followed_by::uuid
    order by ${order}`;
  return rows.map(({ known, ...row }) => ({ ...row, lateness: latenessIn(row, known, ask) }));
}

function latenessIn(row: Omit<Stored, 'known'>, known: Stored['known'], { days }: ListAsk): Lateness {
  if (row.voided || known === null) return 'none';
  const estimate = row.estimateLatest === null ? null : { latest: row.estimateLatest };
  return latenessOf({ officialDay: row.officialDay, estimate }, known, days.today);
}

export async function countFilings(tx: Transaction, ask: ListAsk): Promise<FilingCounts> {
  const [row] = await tx<FilingCounts[]>`
    select count(*) filter (where not f.voided) as standing, count(*) filter (where f.voided) as voided,
      count(*) filter (where not f.voided and f.official_day < ${ask.days.today}
        and f.status in ('submitted', 'received', 'processing')) as overdue,
      min(f.submitted_day) as "firstDay", max(f.submitted_day) as "lastDay"
    from filing f where ${within(tx, ask)}`;
  return row ?? { standing: 0, voided: 0, overdue: 0, firstDay: null, lastDay: null };
}
