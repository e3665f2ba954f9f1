import type { MutationId, PersonId, ReplicaId } from '../../src/lib/domain/record/ids.ts';
import { type ConfirmedRow, rowKey } from '../../src/lib/domain/record/row.ts';
import type { KeyEnvelope } from '../../src/lib/protocol/envelope.ts';
import type {
  AliasRecord,
  BackfillPlace,
  BucketEntry,
  EpochRecord,
  GrantRecord,
  MutationRecord,
  Provisional,
  QuarantineEntry,
  ReplicaRecord,
  SettledRecord,
  WardReader,
} from '../../src/lib/server/sync/store.ts';

type StoredMutation = MutationRecord & { readonly kind: string; readonly resettledVersion: number | null };

/** One ward's tables. Everything in them is immutable: a copy of the maps is a copy of the ward. */
export interface WardTables {
  version: number;
  readonly marks: Map<number, string>;
  readonly replicas: Map<ReplicaId, ReplicaRecord>;
  office: ReplicaId | null;
  readonly grants: Map<PersonId, readonly GrantRecord[]>;
  readonly dataKeys: Map<
    string,
    KeyEnvelope & { readonly person: PersonId; readonly device: ReplicaRecord['device'] }
  >;
  readonly rows: Map<string, ConfirmedRow>;
  readonly buckets: Map<string, BucketEntry>;
  /** By replica and seq. */
  readonly mutations: Map<string, StoredMutation>;
  readonly byId: Map<MutationId, readonly string[]>;
  readonly aliases: Map<string, AliasRecord>;
  readonly touched: Map<MutationId, ReadonlySet<string>>;
  readonly quarantine: Map<string, QuarantineEntry>;
  readonly residentKeys: Map<string, string | null>;
}

export function emptyWard(): WardTables {
  return {
    version: 0,
    marks: new Map(),
    replicas: new Map(),
    office: null,
    grants: new Map(),
    dataKeys: new Map(),
    rows: new Map(),
    buckets: new Map(),
    mutations: new Map(),
    byId: new Map(),
    aliases: new Map(),
    touched: new Map(),
    quarantine: new Map(),
    residentKeys: new Map(),
  };
}

export function copyWard(ward: WardTables): WardTables {
  return {
    version: ward.version,
    marks: new Map(ward.marks),
    replicas: new Map(ward.replicas),
    office: ward.office,
    grants: new Map(ward.grants),
    dataKeys: new Map(ward.dataKeys),
    rows: new Map(ward.rows),
    buckets: new Map(ward.buckets),
    mutations: new Map(ward.mutations),
    byId: new Map(ward.byId),
    aliases: new Map(ward.aliases),
    touched: new Map(ward.touched),
    quarantine: new Map(ward.quarantine),
    residentKeys: new Map(ward.residentKeys),
  };
}

const bySeq = (a: { seq: number }, b: { seq: number }): number => a.seq - b.seq;
const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
export const seqName = (replica: string, seq: number): string => `${replica}|${seq}`;

function settledOf(ward: WardTables, alias: AliasRecord): SettledRecord {
  const { seq, id, hash } = alias;
  const original = recordsOf(ward, id).find((record) => record.person === alias.person);
  if (alias.outcome !== null || !original) {
    return { seq, id, hash, outcome: alias.outcome ?? { is: 'given_up' }, commit: alias.commit };
  }
  return { seq, id, hash, outcome: original.outcome, commit: original.commit };
}

/** Nothing stands beyond it: who asks for everything from some seq on is not answered by counting to the end. */
function lastSeqOf(ward: WardTables, replica: ReplicaId): number {
  return ward.replicas.get(replica)?.lastSeq ?? 0;
}

export function recordsOf(ward: WardTables, id: MutationId): readonly StoredMutation[] {
  return (ward.byId.get(id) ?? []).flatMap((name) => ward.mutations.get(name) ?? []);
}

function open(ward: WardTables): QuarantineEntry[] {
  return [...ward.quarantine.values()].filter((entry) => entry.settled === null);
}

/** A reader of one moment. `ward` must not change while it is in use. */
export function readerOf(ward: WardTables, epochs: readonly EpochRecord[]): WardReader {
  return {
    ...identityReads(ward, epochs),
    ...historyReads(ward),
    ...rowReads(ward),
  };
}

type IdentityReads = Pick<
  WardReader,
  | 'state'
  | 'epochs'
  | 'markOf'
  | 'replicaByToken'
  | 'replica'
  | 'officeReplica'
  | 'grants'
  | 'dataKeys'
  | 'residentKeys'
>;

function identityReads(ward: WardTables, epochs: readonly EpochRecord[]): IdentityReads {
  return {
    state: async () => ({ version: ward.version, mark: ward.marks.get(ward.version) ?? '' }),
    epochs: async () => newestFirst(epochs),
    markOf: async (version) => ward.marks.get(version) ?? null,
    replicaByToken: async (hash) =>
      [...ward.replicas.values()].find(
        (replica) =>
          replica.replica !== ward.office &&
          (replica.tokenHash === hash || replica.previousTokenHash === hash),
      ) ?? null,
    replica: async (id) => ward.replicas.get(id) ?? null,
    officeReplica: async () => (ward.office === null ? null : (ward.replicas.get(ward.office) ?? null)),
    grants: async (person) => ward.grants.get(person) ?? [],
    dataKeys: async (person) => [...ward.dataKeys.values()].filter((key) => key.person === person),
    residentKeys: async (residents) =>
      residents.flatMap((resident) => {
        const wrapped = ward.residentKeys.get(resident);
        return wrapped === undefined ? [] : [{ resident, wrapped }];
      }),
  };
}

export function newestFirst(epochs: readonly EpochRecord[]): readonly EpochRecord[] {
  return [...epochs].sort((a, b) => b.place - a.place).slice(0, 17);
}

type HistoryReads = Pick<
  WardReader,
  | 'settled'
  | 'mutations'
  | 'resettled'
  | 'creators'
  | 'provisional'
  | 'unknownKinds'
  | 'quarantine'
  | 'entriesOfSeqs'
>;

function historyReads(ward: WardTables): HistoryReads {
  const mutations = (): StoredMutation[] => [...ward.mutations.values()];
  return {
    settled: async (replica, after, upTo, limit) => {
      const found: SettledRecord[] = [];
      const last = Math.min(upTo, after + limit + 1, lastSeqOf(ward, replica));
      for (let seq = after + 1; seq <= last; seq++) {
        const record = ward.mutations.get(seqName(replica, seq));
        const alias = ward.aliases.get(seqName(replica, seq));
        if (record) {
          const { id, hash, outcome, commit } = record;
          found.push({ seq, id, hash, outcome, commit });
        } else if (alias) found.push(settledOf(ward, alias));
      }
      return found.slice(0, limit);
    },
    mutations: async (ids) => [...new Set(ids)].flatMap((id) => recordsOf(ward, id)),
    resettled: async (person, after, limit) => {
      const later = mutations()
        .map((record) => ({ ...record, toldAt: record.resettledVersion ?? 0 }))
        .filter((record) => record.person === person && record.toldAt > after)
        .sort((a, b) => a.toldAt - b.toldAt || bySeq(a, b));
      const last = later[limit - 1]?.toldAt ?? Infinity;
      return later.filter(({ toldAt }) => toldAt <= last);
    },
    creators: async (keys) => {
      const found = new Map<string, MutationId>();
      for (const entry of open(ward)) {
        for (const key of entry.creates) if (keys.includes(key)) found.set(key, entry.id);
      }
      return found;
    },
    provisional: async () =>
      mutations()
        .flatMap((record): (Provisional & { commit: number })[] => {
          const { id, person, replica, seq, outcome, commit } = record;
          if (outcome.is === 'held')
            return [{ id, person, replica, seq, commit, cause: outcome.behind, waiting: false }];
          if (outcome.is === 'waiting')
            return [{ id, person, replica, seq, commit, cause: outcome.for, waiting: true }];
          return [];
        })
        .sort((a, b) => a.commit - b.commit || order(a.replica, b.replica) || bySeq(a, b)),
    unknownKinds: async (known, limit) =>
      mutations()
        .filter((record) => record.outcome.is === 'unknown_kind' && known.includes(record.kind))
        .sort((a, b) => a.commit - b.commit || bySeq(a, b))
        .slice(0, limit)
        .map((record) => record.id),
    quarantine: async (ids) => [...ward.quarantine.values()].filter((entry) => ids.includes(entry.id)),
    entriesOfSeqs: async (replica, after, upTo, buckets) => {
      const keys = new Set<string>();
      for (let seq = after + 1; seq <= Math.min(upTo, lastSeqOf(ward, replica)); seq++) {
        const name = seqName(replica, seq);
        const id = ward.mutations.get(name)?.id ?? ward.aliases.get(name)?.id;
        for (const key of id === undefined ? [] : (ward.touched.get(id) ?? [])) keys.add(key);
      }
      return [...ward.buckets.values()]
        .filter(
          (entry) => !entry.gone && buckets.includes(entry.bucket) && keys.has(`${entry.kind}/${entry.id}`),
        )
        .sort((a, b) => a.version - b.version);
    },
  };
}

type RowReads = Pick<
  WardReader,
  'rows' | 'children' | 'buckets' | 'bucketChanges' | 'bucketFrom' | 'bucketTotal'
>;

function isBeyond(entry: BucketEntry, after: BackfillPlace): boolean {
  if (entry.rank !== after.rank) return entry.rank > after.rank;
  if (entry.id !== after.id) return entry.id < after.id;
  return entry.kind > after.kind;
}

function rowReads(ward: WardTables): RowReads {
  const inBucket = (bucket: string): BucketEntry[] =>
    [...ward.buckets.values()].filter((entry) => entry.bucket === bucket);
  return {
    rows: async (refs) => refs.flatMap(({ kind, id }) => ward.rows.get(rowKey(kind, id)) ?? []),
    children: async (assists) =>
      [...ward.rows.values()].filter(
        (row) =>
          (row.kind === 'filing' || row.kind === 'consent') && assists.includes(String(row.fields['assist'])),
      ),
    buckets: async (refs) => {
      const keys = new Set(refs.map(({ kind, id }) => `${kind}/${id}`));
      return [...ward.buckets.values()].filter(
        (entry) => !entry.gone && keys.has(`${entry.kind}/${entry.id}`),
      );
    },
    bucketChanges: async (bucket, after, limit) =>
      inBucket(bucket)
        .filter((entry) => entry.version > after)
        .sort((a, b) => a.version - b.version)
        .slice(0, limit),
    bucketFrom: async (bucket, upTo, after, limit) =>
      inBucket(bucket)
        .filter((entry) => !entry.gone && entry.version <= upTo && (after === null || isBeyond(entry, after)))
        .sort((a, b) => a.rank - b.rank || order(b.id, a.id) || order(a.kind, b.kind))
        .slice(0, limit),
    bucketTotal: async (bucket) => inBucket(bucket).filter((entry) => !entry.gone).length,
  };
}
