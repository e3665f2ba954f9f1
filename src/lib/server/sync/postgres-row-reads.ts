import type { WardId } from '$lib/domain/record/ids.ts';
import type { ConfirmedRow, RowKind } from '$lib/domain/record/row.ts';
import type { Transaction } from '../database/pool.ts';
import type { BucketEntry, BucketRef, WardReader } from './store.ts';

interface RowSql {
  id: string;
  version: number;
  epoch: string;
  body: Pick<ConfirmedRow, 'fields' | 'stamps' | 'sets' | 'clashes'>;
  sealed: ConfirmedRow['sealed'];
}

function toRow(kind: RowKind, row: RowSql): ConfirmedRow {
  const { fields, stamps, sets, clashes } = row.body;
  return {
    kind,
    id: row.id as ConfirmedRow['id'],
    fields,
    stamps,
    sets,
    clashes,
    sealed: row.sealed,
    version: row.version,
    epoch: row.epoch,
  };
}

interface BucketSql {
  bucket: string;
  kind: BucketEntry['kind'];
  row_id: string;
  version: number;
  gone: boolean;
  rank: number;
}

function toEntry(row: BucketSql): BucketEntry {
  return {
    bucket: row.bucket,
    kind: row.kind,
    id: row.row_id,
    version: row.version,
    gone: row.gone,
    rank: row.rank,
  };
}

function idsByKind(refs: readonly BucketRef[]): Map<string, string[]> {
  const byKind = new Map<string, string[]>();
  for (const { kind, id } of refs) byKind.set(kind, [...(byKind.get(kind) ?? []), id]);
  return byKind;
}

/** Rows and where they lie. Lists of ids travel as one JSON text, so that each statement has one plan. */
export function rowReads(
  tx: Transaction,
  ward: WardId,
): Pick<WardReader, 'rows' | 'children' | 'buckets' | 'bucketChanges' | 'bucketFrom' | 'bucketTotal'> {
  const ids = (list: readonly string[]) =>
    tx`(select e::uuid from jsonb_array_elements_text(${JSON.stringify(list)}::text::jsonb) e)`;
  return {
    async rows(refs) {
      const found: ConfirmedRow[] = [];
      for (const [kind, list] of idsByKind(refs)) {
        const rows = await tx<RowSql[]>`
          select id, version, epoch, body, sealed from ${tx(kind)} where ward_id = ${ward} and id in ${ids(list)}`;
        for (const row of rows) found.push(toRow(kind as RowKind, row));
      }
      return found;
    },
    async children(assists) {
      const found: ConfirmedRow[] = [];
      for (const kind of ['filing', 'consent'] as const) {
        const rows = await tx<RowSql[]>`
          select id, version, epoch, body, sealed from ${tx(kind)} where ward_id = ${ward}
          and assist in (select e from jsonb_array_elements_text(${JSON.stringify(assists)}::text::jsonb) e) order by id`;
        for (const row of rows) found.push(toRow(kind, row));
      }
      return found;
    },
    async buckets(refs) {
      const rows = await tx<BucketSql[]>`
        select b.bucket, b.kind, b.row_id, b.version, b.gone, b.rank
        from jsonb_to_recordset(${JSON.stringify(refs.map(({ kind, id }) => ({ kind, id })))}::text::jsonb) as r (kind text, id uuid)
        join row_bucket b on b.kind = r.kind and b.row_id = r.id
        where b.ward_id = ${ward} and not b.gone`;
      return rows.map(toEntry);
    },
    async bucketChanges(bucket, afterVersion, limit) {
      const rows = await tx<BucketSql[]>`
        select bucket, kind, row_id, version, gone, rank from row_bucket
        where ward_id = ${ward} and bucket = ${bucket} and version > ${afterVersion} order by version limit ${limit}`;
      return rows.map(toEntry);
    },
    async bucketFrom(bucket, upTo, after, limit) {
      const beyond =
        after === null
          ? tx``
          : tx`and (rank > ${after.rank} or (rank = ${after.rank} and (row_id < ${after.id} or (row_id = ${after.id} and kind > ${after.kind}))))`;
      const rows = await tx<BucketSql[]>`
        select bucket, kind, row_id, version, gone, rank from row_bucket
        where ward_id = ${ward} and bucket = ${bucket} and not gone and version <= ${upTo} ${beyond}
        order by rank, row_id desc, kind limit ${limit}`;
      return rows.map(toEntry);
    },
    async bucketTotal(bucket) {
      const [row] = await tx<{ n: number }[]>`
        select count(*)::int as n from row_bucket where ward_id = ${ward} and bucket = ${bucket} and not gone`;
      return row?.n ?? 0;
    },
  };
}
