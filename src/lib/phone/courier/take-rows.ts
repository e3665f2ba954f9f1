import type { MutationId } from '../../domain/record/ids.ts';
import { type ConfirmedRow, ROW_KINDS, type RowKind, rowKey } from '../../domain/record/row.ts';
import type { RoundAnswer, WireRow } from '../../protocol/round.ts';
import type { AccountTables } from '../store/account-tables.ts';
import { rowPart } from '../store/sealed-part.ts';
import type { StoredBucket, StoredRow } from '../store/stored.ts';
import { loadRows, type RowWorkspace, stageConfirmed } from '../view/row-workspace.ts';

type DownRow = RoundAnswer['own'][number];
type Bucket = NonNullable<RoundAnswer['down']>['buckets'][number];
/** The mark of rows that came only as the answer to a save, in no bucket yet. */
export const OWN = 'own';

function isKnown(row: DownRow): row is WireRow {
  return (ROW_KINDS as readonly string[]).includes(row.kind) && 'stamps' in row;
}

/** A row as it came down, filed with the key its personal parts are under. */
function confirmedOf(row: WireRow, epoch: string, key: string | null): ConfirmedRow {
  const parts = Object.entries(row.sealed).map(([id, blob]): [MutationId, string] => [
    id as MutationId,
    rowPart(key ?? '', blob),
  ]);
  return { ...row, sealed: Object.fromEntries(parts), epoch } as ConfirmedRow;
}

/** Inside an epoch no row goes back to an older version; a row of another epoch gives way. */
function isNewer(standing: ConfirmedRow | null | undefined, row: WireRow, epoch: string): boolean {
  return !standing || standing.epoch !== epoch || row.version > standing.version;
}

/** Keys of all rows that this answer brings or takes. */
export function keysOfRows(answer: RoundAnswer): string[] {
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

export function stageOwn(staging: Staging, rows: RoundAnswer['own']): void {
  for (const row of rows) {
    if (isKnown(row))
      stageRow(staging, row, (before) => (Object.keys(before).length > 0 ? before : { [OWN]: 0 }));
  }
}

/** A row that no bucket holds any more leaves the phone; what is unsettled in the outbox stays and is shown alone. */
export function leaveBucket(space: RowWorkspace, key: string, bucket: string): void {
  const before = space.stored.get(key);
  if (before === undefined) return;
  const pulls = Object.fromEntries(
    Object.entries(before.pulls).filter(([name]) => name !== bucket && name !== OWN),
  );
  const confirmed = Object.keys(pulls).length === 0 ? null : before.confirmed;
  stageConfirmed(space, { key, kind: before.kind, id: before.id }, confirmed, pulls);
}

/** Stages one page of a bucket. Returns the bucket as it is to be kept. */
export async function stageBucket(
  tables: AccountTables,
  staging: Staging,
  page: Bucket,
  standing: StoredBucket | undefined,
): Promise<StoredBucket> {
  const begins = page.fromStart || standing === undefined;
  const pull = (standing?.pull ?? 0) + (begins ? 1 : 0);
  const filling = (begins || standing.filling) && page.more;
  for (const row of page.rows) {
    if (!isKnown(row)) {
      const key = `${row.kind}/${row.id}`;
      await tables.aside.put({ key, bucket: page.bucket, version: row.version, raw: JSON.stringify(row) });
      continue;
    }
    stageRow(staging, row, ({ [OWN]: _own, ...before }) => ({ ...before, [page.bucket]: pull }));
  }
  for (const { kind, id } of page.gone) leaveBucket(staging.space, rowKey(kind as RowKind, id), page.bucket);
  return {
    bucket: page.bucket,
    cursor: page.cursor,
    pull,
    filling,
    got: (begins ? 0 : standing.got) + page.rows.length,
    total: page.total ?? (begins ? null : standing.total),
  };
}

/** After the last page of a pull from the start: what did not come again has left the bucket. */
export async function sweepBucket(
  tables: AccountTables,
  space: RowWorkspace,
  bucket: StoredBucket,
): Promise<void> {
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
export async function dropBucket(tables: AccountTables, space: RowWorkspace, bucket: string): Promise<void> {
  const keys = await tables.rows.where('buckets').equals(bucket).primaryKeys();
  await loadRows(tables, space, keys);
  for (const key of keys) leaveBucket(space, key, bucket);
  await tables.aside.where('bucket').equals(bucket).delete();
  await tables.buckets.delete(bucket);
}
