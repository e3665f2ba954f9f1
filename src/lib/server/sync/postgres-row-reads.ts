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

export interface BucketSql {
  bucket: string;
  kind: BucketEntry['kind'];
  row_id: string;
  version: number;
  gone: boolean;
  rank: number;
}

export function toBucketEntry(row: BucketSql): BucketEntry {
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
  for (const { kind, id } of refs) {
    const list = byKind.get(kind);
    if (list) list.push(id);
    else byKind.set(kind, [id]);
  }
  return byKind;
}

/** The text of a uuid array: a list of any length is one parameter, and the statement keeps one plan. */
export function uuidArray(ids: readonly string[]): string {
  return `{${ids.join(',')}}`;
}

/** Rows and where they lie. */
export function rowReads(
  tx: Transaction,
  ward: WardId,
): Pick<WardReader, 'rows' | 'children' | 'buckets' | 'bucketChanges' | 'bucketFrom' | 'bucketTotal'> {
  return {
    async rows(refs) {
      const kinds = [...idsByKind(refs)].map(async ([kind, list]) => {
        const rows = await tx<RowSql[]>`
          select id, version, epoch, body, sealed from ${tx(kind)}
          where ward_id = ${ward} and id = any (${uuidArray(list)}::uuid[])`;
        return rows.map((row) => toRow(kind as RowKind, row));
      });
      return (await Promise.all(kinds)).flat();
    },
    async children(assists) {
      const kinds = (['filing', 'consent'] as const).map(async (kind) => {
        const rows = await tx<RowSql[]>`
          select id, version, epoch, body, sealed from ${tx(kind)}
          where ward_id = ${ward} and assist = any (${assists as string[]}::text[]) order by id`;
        return rows.map((row) => toRow(kind, row));
      });
      return (await Promise.all(kinds)).flat();
    },
    async buckets(refs) {
      const asked = new Set(refs.map(({ kind, id }) => `${kind}/${id}`));
      const rows = await tx<BucketSql[]>`
        select bucket, kind, row_id, version, gone, rank from row_bucket
        where ward_id = ${ward} and row_id = any (${uuidArray(refs.map(({ id }) => id))}::uuid[]) and not gone`;
      return rows.map(toBucketEntry).filter(({ kind, id }) => asked.has(`${kind}/${id}`));
    },
    async bucketChanges(bucket, afterVersion, limit) {
      const rows = await tx<BucketSql[]>`
        select bucket, kind, row_id, version, gone, rank from row_bucket
        where ward_id = ${ward} and bucket = ${bucket} and version > ${afterVersion} order by version limit ${limit}`;
      return rows.map(toBucketEntry);
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
      return rows.map(toBucketEntry);
    },
    async bucketTotal(bucket) {
      const [row] = await tx<{ n: number }[]>`
        select count(*)::int as n from row_bucket where ward_id = ${ward} and bucket = ${bucket} and not gone`;
      return row?.n ?? 0;
    },
  };
}
