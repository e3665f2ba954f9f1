import type { FilingStatus } from '../../domain/filing/filing.ts';
import { standingSighting } from '../../domain/filing/filing-status.ts';
import type { Row, RowKind } from '../../domain/record/row.ts';
import { rowKey } from '../../domain/record/row.ts';
import type { Account } from '../../protocol/enrol.ts';
import { readMeta } from '../store/meta.ts';
import type { AccountDb } from '../store/open-account-db.ts';
import { shownRow, type StoredRow } from '../store/stored.ts';
import { asOneRead, readSending, type ShownRow, showRows } from './shown-row.ts';

const LAST = '\uffff';

/** What the list of records is narrowed to; what is left out does not narrow. */
export interface RecordFilter {
  readonly from?: string;
  readonly to?: string;
  readonly subject?: string;
  readonly outcome?: string;
  /** Only what is not settled: unsent, refused, held, or clashing. */
  readonly unsettled?: boolean;
  /** Voided ones too, undone ones included. */
  readonly voided?: boolean;
  readonly person?: string;
}

/** Where the next page begins. */
export interface PageMark {
  readonly day: string;
  readonly id: string;
}

export interface RecordPage {
  readonly records: readonly ShownRow[];
  /** Null: that was the last page. */
  readonly next: PageMark | null;
}

/** Assists, newest day first, a page at a time. The cost of a page does not grow with what is kept. */
export async function recordsPage(
  db: AccountDb,
  filter: RecordFilter,
  after: PageMark | null,
  limit: number,
): Promise<RecordPage> {
  return asOneRead(db.relaxed, () => pageOf(db, filter, after, limit));
}

async function pageOf(
  db: AccountDb,
  filter: RecordFilter,
  after: PageMark | null,
  limit: number,
): Promise<RecordPage> {
  const tables = db.relaxed;
  const unsettled = filter.unsettled === true ? await unsettledKeys(db) : null;
  const [stored, sending] = await Promise.all([
    fitting(db, filter, after, limit + 1, unsettled),
    readSending(tables),
  ]);
  const page = stored.slice(0, limit);
  const last = page.at(-1);
  const next = stored.length > limit && last !== undefined ? { day: last.day, id: last.id } : null;
  return { records: await showRows(tables, page, sending), next };
}

/** Many at a time: a cursor that is moved from row to row asks the browser's own process once for each. */
const MOST_AT_ONCE = 400;

/** The newest that fit. Where few do, ever longer stretches are read. */
async function fitting(
  db: AccountDb,
  filter: RecordFilter,
  after: PageMark | null,
  wanted: number,
  unsettled: ReadonlySet<string> | null,
): Promise<StoredRow[]> {
  const found: StoredRow[] = [];
  let upper = after === null ? ['assist', filter.to ?? LAST, LAST] : ['assist', after.day, after.id];
  let included = after === null;
  for (let size = wanted; ; size = Math.min(size * 2, MOST_AT_ONCE)) {
    const stretch = await db.relaxed.rows
      .where('[kind+day+id]')
      .between(['assist', filter.from ?? '', ''], upper, true, included)
      .reverse()
      .limit(size)
      .toArray();
    found.push(...stretch.filter((row) => fits(row, filter, unsettled)));
    const last = stretch.at(-1);
    if (found.length >= wanted || last === undefined || stretch.length < size) return found.slice(0, wanted);
    upper = ['assist', last.day, last.id];
    included = false;
  }
}

async function unsettledKeys(db: AccountDb): Promise<ReadonlySet<string>> {
  const entries = await db.relaxed.outbox.where('phase').anyOf('unsent', 'needs_you').toArray();
  return new Set(entries.flatMap((entry) => entry.rows));
}

function fits(stored: StoredRow, filter: RecordFilter, unsettled: ReadonlySet<string> | null): boolean {
  const row = shownRow(stored);
  if (row === undefined) return false;
  const { fields, clashes } = row;
  if (filter.voided !== true && fields['voided'] !== null) return false;
  if (filter.subject !== undefined && fields['subject'] !== filter.subject) return false;
  if (filter.outcome !== undefined && fields['outcome'] !== filter.outcome) return false;
  if (filter.person !== undefined && fields['enteredBy'] !== filter.person) return false;
  return unsettled === null || unsettled.has(stored.key) || clashes.some((clash) => clash.settled === null);
}

/** One record. */
export async function recordOf(db: AccountDb, kind: RowKind, id: string): Promise<ShownRow | undefined> {
  const stored = await db.relaxed.rows.get(rowKey(kind, id));
  return stored === undefined ? undefined : (await showRows(db.relaxed, [stored]))[0];
}

export interface AssistWithFilings {
  readonly assist: ShownRow;
  /** Oldest first; voided ones included. */
  readonly filings: readonly ShownRow[];
  readonly consents: readonly ShownRow[];
}

/** An assist with what it brought. Undefined: it is not on this phone. */
export async function assistWithFilings(db: AccountDb, id: string): Promise<AssistWithFilings | undefined> {
  const assist = await recordOf(db, 'assist', id);
  if (assist === undefined) return undefined;
  const children = await showRows(
    db.relaxed,
    await db.relaxed.rows.where('parent').equals(assist.key).toArray(),
  );
  children.sort((a, b) => (a.id < b.id ? -1 : 1));
  const ofKind = (kind: RowKind): ShownRow[] => children.filter((row) => row.kind === kind);
  return { assist, filings: ofKind('filing'), consents: ofKind('consent') };
}

/** The status of a filing that stands, with who says so and when. Null: nobody has said anything yet. */
export function standingStatus(
  row: Row,
): { status: FilingStatus; day: string; source: string; by: string } | null {
  const sightings = Object.entries(row.sets['sightings'] ?? {}).filter(([, value]) => value !== null);
  return standingSighting(Object.fromEntries(sightings));
}

/** Who works here, as the server told it: for choosing a second helper and for names in lists. */
export async function people(db: AccountDb): Promise<readonly Row[]> {
  return plainRows(db, 'person');
}

export async function neighbourhoods(db: AccountDb): Promise<readonly Row[]> {
  return plainRows(db, 'neighbourhood');
}

async function plainRows(db: AccountDb, kind: RowKind): Promise<readonly Row[]> {
  const stored = await db.relaxed.rows
    .where('[kind+day+id]')
    .between([kind, '', ''], [kind, LAST, LAST])
    .toArray();
  return stored.flatMap((record) => shownRow(record) ?? []);
}

/** Whom this phone works for, as the server told it last. */
export async function accountOf(db: AccountDb): Promise<Account | undefined> {
  return readMeta(db.relaxed, 'account');
}
