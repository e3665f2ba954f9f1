import { type ConfirmedRow, ROW_KINDS, type RowKind, rowKey } from '../../domain/record/row.ts';
import type { RoundAnswer, WireRow } from '../../protocol/round.ts';
import type { AccountTables } from '../store/account-tables.ts';
import { readMeta } from '../store/meta.ts';
import { rowPart } from '../store/sealed-part.ts';
import type { StoredBucket, StoredRow } from '../store/stored.ts';
import { loadRows, type RowWorkspace, stageConfirmed } from '../view/row-workspace.ts';
import type { BegunRound } from './begin-round.ts';
import { dropQuarantined, isQuarantined, takeQuarantined } from './take-quarantined.ts';

type DownRow = RoundAnswer['own'][number];
type Bucket = NonNullable<RoundAnswer['down']>['buckets'][number];

function isRowKind(kind: string): kind is RowKind {
  return (ROW_KINDS as readonly string[]).includes(kind);
}

/** The mark of rows that came only as the answer to a save, in no bucket yet. */
const OWN = 'own';

function isKnown(row: DownRow): row is WireRow {
  return isRowKind(row.kind) && 'stamps' in row;
}

/** A row as it came down, filed with the key its personal parts are under. */
function confirmedOf(row: WireRow, epoch: string, key: string | null): ConfirmedRow {
  const parts = Object.entries(row.sealed).map(([id, blob]): [string, string] => [
    id,
    rowPart(key ?? '', blob),
  ]);
  return { ...row, sealed: Object.fromEntries(parts), epoch };
}

/** Inside an epoch no row goes back to an older version; a row of another epoch gives way. */
function isNewer(standing: ConfirmedRow | null | undefined, row: WireRow, epoch: string): boolean {
  return !standing || standing.epoch !== epoch || row.version > standing.version;
}

/** Keys of all rows that this answer brings or takes. */
function keysOfRows(answer: RoundAnswer): string[] {
  const own = answer.own.filter(isKnown);
  const buckets = answer.down?.buckets ?? [];
  return [...own, ...buckets.flatMap((bucket) => [...bucket.rows, ...bucket.gone])].map(({ kind, id }) =>
    rowKey(kind as RowKind, id),
  );
}

interface Staging {
  readonly space: RowWorkspace;
  readonly epoch: string;
  readonly key: string | null;
}

function stageRow(
  staging: Staging,
  row: WireRow,
  pulls: (before: StoredRow['pulls']) => StoredRow['pulls'],
): void {
  const { space, epoch, key } = staging;
  const at = { kind: row.kind, id: row.id, key: rowKey(row.kind, row.id) };
  const before = space.stored.get(at.key);
  const confirmed = isNewer(before?.confirmed, row, epoch)
    ? confirmedOf(row, epoch, key)
    : (before?.confirmed ?? null);
  stageConfirmed(space, at, confirmed, pulls(before?.pulls ?? {}));
}

function stageOwn(staging: Staging, rows: RoundAnswer['own']): void {
  for (const row of rows) {
    if (isKnown(row))
      stageRow(staging, row, (before) => (Object.keys(before).length > 0 ? before : { [OWN]: 0 }));
  }
}

/** A row that no bucket holds any more leaves the phone; what is unsettled in the outbox stays and is shown alone. */
function leaveBucket(space: RowWorkspace, key: string, bucket: string): void {
  const before = space.stored.get(key);
  if (before === undefined) return;
  const pulls = Object.fromEntries(
    Object.entries(before.pulls).filter(([name]) => name !== bucket && name !== OWN),
  );
  const confirmed = Object.keys(pulls).length === 0 ? null : before.confirmed;
  stageConfirmed(space, { key, kind: before.kind, id: before.id }, confirmed, pulls);
}

/** The bucket as it is to be kept after this page. */
function bucketAfter(page: Bucket, standing: StoredBucket | undefined): StoredBucket {
  const before = standing ?? { pull: 0, filling: true, got: 0, total: null };
  const goesOn = standing !== undefined && !page.fromStart;
  const { pull, filling, got, total } = goesOn
    ? before
    : { pull: before.pull + 1, filling: true, got: 0, total: null };
  return {
    bucket: page.bucket,
    cursor: page.cursor,
    pull,
    filling: filling && page.more,
    got: got + page.rows.length,
    total: page.total ?? total,
  };
}

/** Stages one page of a bucket. Returns the bucket as it is kept. */
async function stageBucket(
  tables: AccountTables,
  staging: Staging,
  page: Bucket,
  standing: StoredBucket | undefined,
): Promise<StoredBucket> {
  const bucket = bucketAfter(page, standing);
  for (const row of page.rows) {
    if (isKnown(row)) {
      stageRow(staging, row, ({ [OWN]: _own, ...before }) => ({ ...before, [page.bucket]: bucket.pull }));
    } else if (!isQuarantined(row)) {
      const { kind, id, version } = row;
      await tables.aside.put({
        key: `${kind}/${id}`,
        bucket: page.bucket,
        version,
        raw: JSON.stringify(row),
      });
    }
  }
  await takeQuarantined(tables, staging, page.rows);
  for (const { kind, id } of page.gone) {
    leaveBucket(staging.space, rowKey(kind as RowKind, id), page.bucket);
    if (kind === 'quarantined') await dropQuarantined(tables, staging.space, id);
    else if (!isRowKind(kind)) await tables.aside.delete(`${kind}/${id}`);
  }
  return bucket;
}

const FIRST_PULL = 1;

/** After the last page of a pull from the start: what did not come again has left the bucket. */
async function sweepBucket(tables: AccountTables, space: RowWorkspace, bucket: StoredBucket): Promise<void> {
  // Of the very first pull nothing older can be here, and the look would go over every row that has just come.
  if (bucket.pull <= FIRST_PULL) return;
  const stale = await tables.rows
    .where('buckets')
    .equals(bucket.bucket)
    .filter((row) => row.pulls[bucket.bucket] !== bucket.pull)
    .primaryKeys();
  await loadRows(tables, space, stale);
  for (const key of stale) {
    // What came again in this very answer is staged, not yet written.
    if (space.stored.get(key)?.pulls[bucket.bucket] !== bucket.pull) leaveBucket(space, key, bucket.bucket);
  }
}

/** A bucket that is no longer granted. */
async function dropBucket(tables: AccountTables, space: RowWorkspace, bucket: string): Promise<void> {
  const keys = await tables.rows.where('buckets').equals(bucket).primaryKeys();
  await loadRows(tables, space, keys);
  for (const key of keys) leaveBucket(space, key, bucket);
  await tables.aside.where('bucket').equals(bucket).delete();
  await tables.buckets.delete(bucket);
}

/** After a new epoch no bucket is named to the ward, so it cannot say which is no longer granted: it brings all that are. */
async function forgotten(tables: AccountTables, answer: RoundAnswer): Promise<readonly string[]> {
  const granted = answer.down?.buckets.map(({ bucket }) => bucket);
  if (granted === undefined) return [];
  const unnamed = await tables.buckets.filter(({ cursor }) => cursor === '').primaryKeys();
  return unnamed.filter((bucket) => !granted.includes(bucket));
}

/** Once every bucket is full again, rows that only a left epoch knew go too. */
async function sweepLeftEpoch(tables: AccountTables, space: RowWorkspace, epoch: string): Promise<void> {
  const filling = await tables.buckets.filter((bucket) => bucket.filling || bucket.cursor === '').count();
  if (filling > 0) return;
  const stale = await tables.rows
    .where('buckets')
    .equals(OWN)
    .filter((row) => row.confirmed?.epoch !== epoch)
    .primaryKeys();
  await loadRows(tables, space, stale);
  for (const key of stale)
    if (space.stored.get(key)?.confirmed?.epoch !== epoch) leaveBucket(space, key, OWN);
}

/** Rows are taken only by the holder of the lease, from the cursors still stored, and with every outcome before them. */
export async function mayTakeRows(
  tables: AccountTables,
  begun: BegunRound,
  answer: RoundAnswer,
): Promise<boolean> {
  if (begun.request.down === null || !answer.signedIn || !answer.settledAll) return false;
  const [lease, buckets] = await Promise.all([readMeta(tables, 'lease'), tables.buckets.toArray()]);
  if (lease?.holder !== begun.holder) return false;
  const stored = buckets.filter(({ cursor }) => cursor !== '');
  const asked = begun.request.down.cursors;
  return (
    stored.length === Object.keys(asked).length &&
    stored.every(({ bucket, cursor }) => asked[bucket] === cursor)
  );
}

/** Stages every row of the answer and keeps the cursors. Own rows may come without any page. */
export async function takeRows(
  tables: AccountTables,
  space: RowWorkspace,
  begun: BegunRound,
  answer: RoundAnswer,
): Promise<{ readonly moved: boolean; readonly more: boolean }> {
  const staging = { space, epoch: answer.epoch, key: begun.pullKey };
  const down = answer.down ?? { buckets: [], dropped: [] };
  const [standings] = await Promise.all([
    tables.buckets.bulkGet(down.buckets.map(({ bucket }) => bucket)),
    loadRows(tables, space, keysOfRows(answer)),
  ]);
  stageOwn(staging, answer.own);
  const dropped = [...down.dropped, ...(await forgotten(tables, answer))];
  let moved = dropped.length > 0;
  const filled: StoredBucket[] = [];
  const kept: StoredBucket[] = [];
  for (const [at, page] of down.buckets.entries()) {
    const standing = standings[at];
    const bucket = await stageBucket(tables, staging, page, standing);
    kept.push(bucket);
    moved ||= standing?.cursor !== page.cursor;
    if ((page.fromStart || standing?.filling === true) && !page.more) filled.push(bucket);
  }
  if (kept.length > 0) await tables.buckets.bulkPut(kept);
  for (const bucket of filled) await sweepBucket(tables, space, bucket);
  for (const bucket of dropped) await dropBucket(tables, space, bucket);
  if (filled.length > 0) await sweepLeftEpoch(tables, space, answer.epoch);
  return { moved, more: down.buckets.some((page) => page.more) };
}
