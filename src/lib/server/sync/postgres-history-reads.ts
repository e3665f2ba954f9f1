import type { MutationId, PersonId, ReplicaId, WardId } from '$lib/domain/record/ids.ts';
import type { Outcome } from '$lib/domain/record/mutation.ts';
import type { Json } from '$lib/kernel/json.ts';
import type { Transaction } from '../database/pool.ts';
import { type BucketSql, toBucketEntry, uuidArray } from './postgres-row-reads.ts';
import type { MutationRecord, Provisional, QuarantineEntry, SettledRecord, WardReader } from './store.ts';

interface SettledSql {
  seq: number;
  mutation_id: string;
  hash: string;
  outcome: Outcome;
  commit_version: number;
}

function toSettled(row: SettledSql): SettledRecord {
  return {
    seq: row.seq,
    id: row.mutation_id as MutationId,
    hash: row.hash,
    outcome: row.outcome,
    commit: row.commit_version,
  };
}

interface MutationSql extends SettledSql {
  person_id: string;
  replica_id: string;
  plain: Json;
  mends: string | null;
  mended_by: string | null;
}

function toMutation(row: MutationSql): MutationRecord {
  return {
    ...toSettled(row),
    person: row.person_id as PersonId,
    replica: row.replica_id as ReplicaId,
    plain: row.plain,
    mends: row.mends as MutationId | null,
    mendedBy: row.mended_by as MutationId | null,
  };
}

interface QuarantineSql {
  mutation_id: string;
  hash: string;
  replica_id: string;
  seq: number;
  person_id: string;
  plain: string;
  plain_escaped: boolean;
  sealed: string | null;
  sealed_as_sent: boolean;
  key_id: string | null;
  resident: string | null;
  why: Outcome;
  creates: string[];
  version: number;
  received_at: Date;
  settled_how: QuarantineEntry['settled'];
}

function toEntry(row: QuarantineSql): QuarantineEntry {
  return {
    id: row.mutation_id as MutationId,
    hash: row.hash,
    replica: row.replica_id as ReplicaId,
    seq: row.seq,
    person: row.person_id as PersonId,
    plain: row.plain_escaped ? (JSON.parse(row.plain) as string) : row.plain,
    sealed: row.sealed,
    asSent: row.sealed_as_sent,
    keyId: row.key_id,
    resident: row.resident,
    outcome: row.why,
    creates: row.creates,
    version: row.version,
    receivedAt: row.received_at.getTime(),
    settled: row.settled_how,
  };
}

function settledReads(
  tx: Transaction,
  ward: WardId,
): Pick<WardReader, 'settled' | 'resettled' | 'entriesOfSeqs'> {
  return {
    async settled(replica, after, upTo, limit) {
      const rows = await tx<SettledSql[]>`
        select * from (
          select seq, mutation_id, hash, outcome, commit_version from mutation
          where ward_id = ${ward} and replica_id = ${replica} and seq > ${after} and seq <= ${upTo}
          union all
          select a.seq, a.mutation_id, a.hash, coalesce(a.outcome, m.outcome), coalesce(m.commit_version, a.commit_version)
          from mutation_alias a
          left join mutation m on a.outcome is null and m.ward_id = a.ward_id and m.mutation_id = a.mutation_id
            and m.person_id = a.person_id
          where a.ward_id = ${ward} and a.replica_id = ${replica} and a.seq > ${after} and a.seq <= ${upTo}
        ) s order by seq limit ${limit}`;
      return rows.map(toSettled);
    },
    async resettled(person, afterVersion, limit) {
      const rows = await tx<(SettledSql & { told_at: number })[]>`
        select seq, mutation_id, hash, outcome, commit_version, resettled_version as told_at from mutation
        where ward_id = ${ward} and person_id = ${person} and resettled_version > ${afterVersion}
        order by resettled_version fetch first ${limit} rows with ties`;
      return rows
        .map((row) => ({ ...toSettled(row), toldAt: row.told_at }))
        .sort((a, b) => a.toldAt - b.toldAt || a.seq - b.seq);
    },
    // One table after the other, each by its own index. As a join it was once a loop over the ward's whole history.
    async entriesOfSeqs(replica, after, upTo, buckets) {
      const rows = await tx<BucketSql[]>`
        select bucket, kind, row_id, version, gone, rank from row_bucket
        where ward_id = ${ward} and bucket = any (${buckets as string[]}::text[]) and not gone and kind <> 'quarantined' and row_id = any (array(
          select row_id from mutation_row where ward_id = ${ward} and mutation_id = any (array(
            select mutation_id from mutation where ward_id = ${ward} and replica_id = ${replica} and seq > ${after} and seq <= ${upTo}
            union all
            select mutation_id from mutation_alias where ward_id = ${ward} and replica_id = ${replica} and seq > ${after} and seq <= ${upTo}
          ))))
        order by version`;
      return rows.map(toBucketEntry);
    },
  };
}

function quarantineReads(
  tx: Transaction,
  ward: WardId,
): Pick<WardReader, 'creators' | 'provisional' | 'unknownKinds' | 'quarantine'> {
  return {
    async creators(keys) {
      const rows = await tx<{ creates: string[]; mutation_id: string }[]>`
        select creates, mutation_id from quarantine
        where ward_id = ${ward} and settled_at is null and creates && ${keys as string[]}::text[]
        order by received_at, seq`;
      const asked = new Set(keys);
      const created = rows.flatMap(({ creates, mutation_id }) =>
        creates.filter((key) => asked.has(key)).map((key) => [key, mutation_id as MutationId] as const),
      );
      return new Map(created);
    },
    async provisional() {
      const rows = await tx<
        {
          mutation_id: string;
          person_id: string;
          replica_id: string;
          seq: number;
          cause: string;
          waiting: boolean;
        }[]
      >`
        select mutation_id, person_id, replica_id, seq, coalesce(outcome ->> 'behind', outcome ->> 'for') as cause,
               outcome ->> 'is' = 'waiting' as waiting
        from mutation where ward_id = ${ward} and outcome ->> 'is' in ('held', 'waiting')
        order by commit_version, replica_id, seq`;
      return rows.map((row): Provisional => ({
        id: row.mutation_id as MutationId,
        person: row.person_id as PersonId,
        replica: row.replica_id as ReplicaId,
        seq: row.seq,
        cause: row.cause,
        waiting: row.waiting,
      }));
    },
    async unknownKinds(known, limit) {
      const rows = await tx<{ mutation_id: string }[]>`
        select mutation_id from mutation where ward_id = ${ward} and outcome ->> 'is' = 'unknown_kind'
        and kind = any (${known as string[]}::text[])
        order by commit_version, seq limit ${limit}`;
      return rows.map((row) => row.mutation_id as MutationId);
    },
    async quarantine(ids) {
      const rows = await tx<QuarantineSql[]>`
        select * from quarantine where ward_id = ${ward}
        and mutation_id = any (${uuidArray(ids)}::uuid[])`;
      return rows.map(toEntry);
    },
  };
}

/** What was brought and what became of it. */
export function historyReads(
  tx: Transaction,
  ward: WardId,
): ReturnType<typeof settledReads> &
  ReturnType<typeof quarantineReads> &
  Pick<WardReader, 'mutations' | 'residentKeys'> {
  return {
    ...settledReads(tx, ward),
    ...quarantineReads(tx, ward),
    async mutations(ids) {
      const rows = await tx<MutationSql[]>`
        select seq, mutation_id, hash, outcome, commit_version, person_id, replica_id, plain, mends, mended_by
        from mutation where ward_id = ${ward}
        and mutation_id = any (${uuidArray(ids)}::uuid[])`;
      return rows.map(toMutation);
    },
    async residentKeys(residents) {
      const rows = await tx<{ resident: string; wrapped: string | null }[]>`
        select resident, wrapped from resident_key where ward_id = ${ward}
        and resident = any (${residents as string[]}::text[])`;
      return [...rows];
    },
  };
}
