import type { Actor } from '$lib/domain/people/roles.ts';
import type { AppContext } from '../app-context.ts';
import type { Transaction } from '../database/pool.ts';
import { inTransaction } from '../database/transaction.ts';
import { filingDays } from '../filing/filing-calendar.ts';
import { countFilings, type FilingCounts, type FilingLine, readFilingPage } from '../filing/filing-rows.ts';
import {
  type AssistLine,
  countAssists,
  type ListAsk,
  type ListCounts,
  PAGE_ROWS,
  readAssistPage,
} from './assist-rows.ts';
import { type ListFilter, type PageAfter, readListFilter } from './list-filter.ts';
import { readingScope } from './reading-scope.ts';

/** A page of the office's list. `next`: where the following page begins, null at the end. */
export type RecordList = {
  readonly filter: ListFilter;
  readonly today: string;
  readonly next: PageAfter | null;
} & (
  | { readonly is: 'assists'; readonly counts: ListCounts; readonly rows: readonly AssistLine[] }
  | { readonly is: 'filings'; readonly counts: FilingCounts; readonly rows: readonly FilingLine[] }
);

/** Reads what the address asks for, as far as the actor may see. Null: nothing at all. */
export async function readRecordList(
  context: Pick<AppContext, 'database' | 'clock'>,
  actor: Actor,
  params: URLSearchParams,
): Promise<RecordList | null> {
  const scope = readingScope(actor);
  if (scope === null) return null;
  const days = filingDays(context.clock.now());
  const filter = readListFilter(params, days.today);
  const ask: ListAsk = { ward: actor.ward, scope, filter, days };
  const read = filter.view === 'filings' ? readFilings : readAssists;
  return inTransaction(
    context.database,
    { wards: [actor.ward], actor: actor.person },
    (tx) => read(tx, ask),
    {
      readOnly: true,
      snapshot: true,
    },
  );
}

async function readAssists(tx: Transaction, ask: ListAsk): Promise<RecordList> {
  const found = await readAssistPage(tx, ask);
  const rows = found.slice(0, PAGE_ROWS);
  const last = found.length > PAGE_ROWS ? rows.at(-1) : undefined;
  const counts = await countAssists(tx, ask);
  const next = last === undefined ? null : { day: last.day ?? '', id: last.id };
  return { is: 'assists', filter: ask.filter, today: ask.days.today, counts, rows, next };
}

async function readFilings(tx: Transaction, ask: ListAsk): Promise<RecordList> {
  const found = await readFilingPage(tx, ask);
  const rows = found.slice(0, PAGE_ROWS);
  const last = found.length > PAGE_ROWS ? rows.at(-1) : undefined;
  const counts = await countFilings(tx, ask);
  const next = last === undefined ? null : { day: last.place, id: last.id };
  return { is: 'filings', filter: ask.filter, today: ask.days.today, counts, rows, next };
}
