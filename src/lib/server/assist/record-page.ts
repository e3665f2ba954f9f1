import type { PersonalValues } from '$lib/domain/people/personal-fields.ts';
import type { Actor } from '$lib/domain/people/roles.ts';
import type { ConfirmedRow } from '$lib/domain/record/row.ts';
import type { Json } from '$lib/kernel/json.ts';
import type { AppContext } from '../app-context.ts';
import type { Transaction } from '../database/pool.ts';
import { inTransaction } from '../database/transaction.ts';
import { filingDays, type FilingDays } from '../filing/filing-calendar.ts';
import { ResidentKeys } from '../keys/resident-keys.ts';
import { openRowValues, residentOf } from '../records/row-values.ts';
import { historyReads } from '../sync/postgres-history-reads.ts';
import { rowReads } from '../sync/postgres-row-reads.ts';
import { type HistoryLine, readHistory } from './history-rows.ts';
import { maskedValues } from './masked-values.ts';
import { type Names, namesIn } from './name-rows.ts';
import { factsOf, findRecord, type RowFacts } from './record-facts.ts';

type PageContext = Pick<AppContext, 'database' | 'clock' | 'keys'>;

/** Personal values of a record, masked. Opening them whole is an act of its own: see open-personal.ts. */
export interface MaskedView {
  readonly rows: readonly { readonly row: string; readonly values: PersonalValues }[];
  readonly mayOpen: boolean;
  readonly erased: boolean;
}

/** Everything a record's page shows. */
export interface RecordPage {
  readonly record: RowFacts;
  /** The assist a filing belongs to. */
  readonly parent: RowFacts | null;
  /** Filings and consents of an assist. */
  readonly children: readonly RowFacts[];
  readonly personal: MaskedView;
  readonly history: readonly HistoryLine[];
  readonly names: Names;
  readonly days: FilingDays;
}

export async function keysOf(
  tx: Transaction,
  context: Pick<AppContext, 'keys'>,
  ward: Actor['ward'],
  rows: readonly ConfirmedRow[],
): Promise<ResidentKeys> {
  const residents = [...new Set(rows.map((row) => residentOf(row) ?? `row:${row.id}`))];
  return new ResidentKeys(context.keys, ward, await historyReads(tx, ward).residentKeys(residents));
}

function masked(keys: ResidentKeys, rows: readonly ConfirmedRow[], mayOpen: boolean): MaskedView {
  const shown = rows
    .map((row) => ({ row: row.id, values: maskedValues(openRowValues(keys, row)) }))
    .filter(({ values }) => Object.keys(values).length > 0);
  const erased = rows.some((row) => keys.isErased(residentOf(row) ?? `row:${row.id}`));
  return { rows: shown, mayOpen, erased };
}

/** Reads a record as far as the actor may see it; null: not found, or not theirs. */
export async function readRecordPage(
  context: PageContext,
  actor: Actor,
  kind: 'assist' | 'filing',
  id: string,
): Promise<RecordPage | null> {
  const work = async (tx: Transaction): Promise<RecordPage | null> => {
    const found = await findRecord(tx, actor, kind, id);
    if (found === null) return null;
    const { row, parent, mayOpen } = found;
    const children = kind === 'assist' ? await rowReads(tx, actor.ward).children([row.id]) : [];
    const rows = [row, ...children];
    const { lines } = await readHistory(tx, actor.ward, rows);
    const facts = rows.map((one) => factsOf(one, lines));
    const parentFacts = parent === undefined ? null : factsOf(parent, []);
    const [record, ...rest] = facts;
    if (record === undefined) return null;
    const mentioned = [...facts, parentFacts, ...lines] as unknown as Json;
    return {
      record,
      parent: parentFacts,
      children: rest,
      personal: masked(await keysOf(tx, context, actor.ward, rows), rows, mayOpen),
      history: lines,
      names: await namesIn(tx, actor.ward, mentioned),
      days: filingDays(context.clock.now()),
    };
  };
  return inTransaction(context.database, { wards: [actor.ward], actor: actor.person }, work, {
    readOnly: true,
    snapshot: true,
  });
}
