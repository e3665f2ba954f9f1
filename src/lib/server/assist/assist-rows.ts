import type { AssistValues } from '$lib/domain/assist/assist.ts';
import type { ShownStatus } from '$lib/domain/filing/seen-lately.ts';
import type { WardId } from '$lib/domain/record/ids.ts';
import type { Transaction } from '../database/pool.ts';
import type { FilingDays } from '../filing/filing-calendar.ts';
import { filingIs, shownStatusSql } from '../filing/filing-conditions.ts';
import type { ListFilter, PageAfter } from './list-filter.ts';
import type { ReadingScope } from './reading-scope.ts';

/** One line of the office's list: nothing personal in it. */
export interface AssistLine {
  readonly id: string;
  /** Null: the phone's clock stood outside every calendar. */
  readonly day: string | null;
  readonly occurredAt: number;
  readonly receivedAt: Date;
  readonly subject: string;
  readonly outcome: AssistValues['outcome'];
  readonly channel: AssistValues['channel'];
  readonly voided: boolean;
  readonly openClashes: number;
  readonly team: string | null;
  readonly enteredBy: string | null;
  readonly filings: readonly {
    readonly id: string;
    readonly code: string | null;
    readonly status: ShownStatus;
  }[];
}

/** What the list says above its rows; voided ones are counted apart. */
export interface ListCounts {
  readonly standing: number;
  readonly voided: number;
  readonly firstDay: string | null;
  readonly lastDay: string | null;
}

/** How many rows a page of the list has. */
export const PAGE_ROWS = 50;

export interface ListAsk {
  readonly ward: WardId;
  readonly scope: ReadingScope;
  readonly filter: ListFilter;
  readonly days: FilingDays;
}

function within(tx: Transaction, { ward, scope, filter, days }: ListAsk) {
  const reach = scope.everything
    ? tx`true`
    : tx`(a.team = any(${[...scope.teams]}) or a.entered_by = ${scope.person}
        or a.body #> '{fields,performedBy}' ? ${scope.person})`;
  const team = filter.team === null ? tx`true` : tx`a.team = ${filter.team}`;
  const from = filter.from === null ? tx`true` : tx`a.day >= ${filter.from}`;
  const to = filter.to === null ? tx`true` : tx`a.day <= ${filter.to}`;
  return tx`a.ward_id = ${ward} and ${reach} and ${team} and ${from} and ${to} and ${filings(tx, filter, days)}`;
}

/** An assist is about a procedure by its subject, or by what it brought; a status is always a filing's. */
function filings(tx: Transaction, filter: ListFilter, days: FilingDays) {
  if (filter.status === null && filter.procedure === null) return tx`true`;
  const brought = tx`exists (select 1 from filing f where f.ward_id = a.ward_id and f.assist = a.id::text
    and not f.voided and ${filingIs(tx, filter, days)})`;
  return filter.status === null ? tx`(a.subject = ${filter.procedure} or ${brought})` : brought;
}

/** After the last row of the page before: by value and id, so that rows which arrive meanwhile move nothing. */
function afterPlace(tx: Transaction, after: PageAfter | null, oldestFirst: boolean) {
  if (after === null) return tx`true`;
  const place = tx`(${after.day}, ${after.id}::uuid)`;
  return oldestFirst
    ? tx`(coalesce(a.day, ''), a.id) > ${place}`
    : tx`(coalesce(a.day, ''), a.id) < ${place}`;
}

/** A page of assists, one more than fits so that the caller knows whether there is a next one. */
export async function readAssistPage(tx: Transaction, ask: ListAsk): Promise<readonly AssistLine[]> {
  const oldestFirst = ask.filter.sort === 'oldest';
  const order = oldestFirst ? tx`coalesce(a.day, '') asc, a.id asc` : tx`coalesce(a.day, '') desc, a.id desc`;
  return tx<AssistLine[]>`
    with a as (
      select a.* from assist a
      where ${within(tx, ask)} and ${afterPlace(tx, ask.filter.after, oldestFirst)}
      order by ${order} limit ${PAGE_ROWS + 1}
    )
    select a.id, a.day, (a.body #>> '{fields,occurredAt}')::double precision as "occurredAt", a.received_at as "receivedAt",
      a.subject, a.outcome, a.channel, a.voided is not null as voided, a.open_clashes as "openClashes",
      t.name as team, p.name as "enteredBy", coalesce(brought.list, '[]') as filings
    from a
    left join team t on t.ward_id = a.ward_id and t.id = a.team::uuid
    left join person p on p.ward_id = a.ward_id and p.id = a.entered_by::uuid
    left join lateral (
      select jsonb_agg(jsonb_build_object('id', f.id, 'code', f.code, 'status', ${shownStatusSql(tx, ask.days)}) order by f.id) as list
      from filing f where f.ward_id = a.ward_id and f.assist = a.id::text and not f.voided
    ) brought on true
    order by ${order}`;
}

export async function countAssists(tx: Transaction, ask: ListAsk): Promise<ListCounts> {
  const [row] = await tx<ListCounts[]>`
    select count(*) filter (where a.voided is null) as standing, count(*) filter (where a.voided is not null) as voided,
      min(a.day) as "firstDay", max(a.day) as "lastDay"
    from assist a where ${within(tx, ask)}`;
  return row ?? { standing: 0, voided: 0, firstDay: null, lastDay: null };
}
