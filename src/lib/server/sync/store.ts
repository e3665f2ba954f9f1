import type {
  DeviceId,
  GrantId,
  MutationId,
  PersonId,
  ReplicaId,
  TeamId,
  WardId,
} from '$lib/domain/record/ids.ts';
import type { Outcome } from '$lib/domain/record/mutation.ts';
import type { ConfirmedRow, RowKind } from '$lib/domain/record/row.ts';
import type { Role } from '$lib/domain/people/roles.ts';
import type { Instant } from '$lib/kernel/clock.ts';
import type { Json } from '$lib/kernel/json.ts';
import type { KeyEnvelope } from '$lib/protocol/envelope.ts';
import type { WrappedKey } from '../keys/resident-keys.ts';

/** A phone database known to the server, or the office's own. */
export interface ReplicaRecord {
  readonly replica: ReplicaId;
  readonly person: PersonId;
  readonly device: DeviceId | null;
  readonly tokenHash: string;
  readonly previousTokenHash: string | null;
  readonly lastSeq: number;
  readonly revoked: boolean;
  readonly lastSeenAt: Instant | null;
  /** What the phone said at its last contact; null: it did not say. */
  readonly said: ContactWords;
  /** The first seq that came beyond one that is missing; null: none ever did. */
  readonly gapSeq: number | null;
}

/** What a phone says of itself: how much it still holds, how its clock differs from ours, which build it runs. */
export interface ContactWords {
  readonly unsent: number | null;
  readonly skewMs: number | null;
  readonly app: string | null;
}

export interface GrantRecord {
  readonly grant: GrantId;
  readonly role: Role;
  readonly teams: readonly TeamId[];
  readonly mustPass: boolean;
  readonly ended: 'transfer' | 'revocation' | null;
}

export interface EpochRecord {
  readonly id: string;
  /** Only to find the newest; never told to anybody. */
  readonly place: number;
  readonly beganAt: Instant;
}

/** What became of a seq. */
export interface SettledRecord {
  readonly seq: number;
  readonly id: MutationId;
  readonly hash: string;
  readonly outcome: Outcome;
  readonly commit: number;
}

/** A mutation the server has met. */
export interface MutationRecord extends SettledRecord {
  readonly person: PersonId;
  readonly replica: ReplicaId;
  /** JSON of the mutation; null where it could not be read as one. */
  readonly plain: Json;
  readonly mends: MutationId | null;
  readonly mendedBy: MutationId | null;
}

export interface RowRef {
  readonly kind: RowKind;
  readonly id: string;
}

/** What lies in a bucket: a row, or a quarantined record of its author. */
export interface BucketRef {
  readonly kind: RowKind | 'quarantined';
  readonly id: string;
}

export interface BucketEntry extends BucketRef {
  readonly bucket: string;
  readonly version: number;
  readonly gone: boolean;
  /** 0 open ones, 1 the rest: the order of a first pull. */
  readonly rank: number;
}

export interface QuarantineEntry {
  readonly id: MutationId;
  readonly hash: string;
  readonly replica: ReplicaId;
  readonly seq: number;
  readonly person: PersonId;
  /** The envelope's plain text as sent. */
  readonly plain: string;
  /** Resident → values under that resident's key (JSON); or, when `asSent`, the sealed part as it came. */
  readonly sealed: string | null;
  readonly asSent: boolean;
  readonly keyId: string | null;
  readonly resident: string | null;
  readonly outcome: Outcome;
  readonly creates: readonly string[];
  readonly version: number;
  readonly receivedAt: Instant;
  readonly settled: QuarantineEnd | null;
}

/** How a quarantined record came to its end. `by`: the leader's decision that took it in. */
export type QuarantineEnd =
  | { readonly is: 'applied'; readonly by?: MutationId }
  | { readonly is: 'mended' | 'discarded'; readonly by: MutationId };

/** Everything one ward transaction writes. Rows carry their versions. */
export interface WardChanges {
  readonly version: number;
  readonly mark: string;
  readonly epoch: string;
  readonly at: Instant;
  readonly rows: readonly ConfirmedRow[];
  /** For lists and figures: `derived` of each row, by row key. */
  readonly derived: ReadonlyMap<string, Json>;
  readonly buckets: readonly BucketEntry[];
  readonly mutations: readonly (MutationRecord & { readonly kind: string })[];
  readonly aliases: readonly AliasRecord[];
  /** Standing mutations with a new outcome or a mend. */
  readonly changed: readonly ChangedMutation[];
  readonly touched: readonly (RowRef & {
    readonly mutation: MutationId;
    readonly version: number;
    readonly sealed: string | null;
  })[];
  /** New entries, and standing ones as they are now. */
  readonly quarantine: readonly QuarantineEntry[];
  readonly residentKeys: readonly WrappedKey[];
  /** Whose seqs this commit took, and how far. */
  readonly replicas: readonly ReplicaMark[];
  /** Other replicas whose missing seqs a leader has closed: the next one expected lies behind them. */
  readonly closed: readonly ReplicaMark[];
}

export interface ReplicaMark {
  readonly replica: ReplicaId;
  readonly lastSeq: number;
}

export interface AliasRecord {
  readonly replica: ReplicaId;
  readonly seq: number;
  readonly id: MutationId;
  readonly person: PersonId;
  readonly hash: string;
  /** Null: the original's. */
  readonly outcome: Outcome | null;
  readonly commit: number;
}

export interface ChangedMutation {
  readonly id: MutationId;
  readonly person: PersonId;
  /** A provisional one's last word, which its author has not heard yet; null: only mended. */
  readonly judged: {
    readonly outcome: Outcome;
    readonly commit: number;
    readonly kind: string;
    readonly plain: Json;
    /** Of the bytes that came late for a seq that had been given up; null: as it was. */
    readonly hash: string | null;
  } | null;
  readonly mendedBy: MutationId | null;
}

/** Reads of one ward, all of one moment. */
export interface WardReader {
  /** The ward's newest version and that commit's mark ('' before the first). */
  state(): Promise<{ readonly version: number; readonly mark: string }>;
  /** Newest first, seventeen at most. */
  epochs(): Promise<readonly EpochRecord[]>;
  /** The mark of the commit that ended at this version; null: none did. Marks are kept as long as the ward. */
  markOf(version: number): Promise<string | null>;
  replicaByToken(tokenHash: string): Promise<ReplicaRecord | null>;
  replica(id: ReplicaId): Promise<ReplicaRecord | null>;
  officeReplica(): Promise<ReplicaRecord | null>;
  grants(person: PersonId): Promise<readonly GrantRecord[]>;
  dataKeys(person: PersonId): Promise<readonly (KeyEnvelope & { readonly device: DeviceId | null })[]>;
  /** In seq order: `after` < seq ≤ `upTo`. */
  settled(replica: ReplicaId, after: number, upTo: number, limit: number): Promise<readonly SettledRecord[]>;
  mutations(ids: readonly MutationId[]): Promise<readonly MutationRecord[]>;
  /**
   * Of this account: final outcomes later than its author may have heard, oldest first. A commit is never told in part:
   * there may be more than `limit`.
   */
  resettled(
    person: PersonId,
    afterVersion: number,
    limit: number,
  ): Promise<readonly (SettledRecord & { readonly toldAt: number })[]>;
  rows(refs: readonly RowRef[]): Promise<readonly ConfirmedRow[]>;
  /** Filings and consents of these assists. */
  children(assists: readonly string[]): Promise<readonly ConfirmedRow[]>;
  buckets(refs: readonly BucketRef[]): Promise<readonly BucketEntry[]>;
  /** Row key → the open quarantined mutation that would have created it. */
  creators(rowKeys: readonly string[]): Promise<ReadonlyMap<string, MutationId>>;
  /** Held and waiting ones of the ward, oldest first, without their contents. */
  provisional(): Promise<readonly Provisional[]>;
  /** Open ones of unknown kind whose kind this build knows by now. */
  unknownKinds(known: readonly string[], limit: number): Promise<readonly MutationId[]>;
  quarantine(ids: readonly MutationId[]): Promise<readonly QuarantineEntry[]>;
  residentKeys(residents: readonly string[]): Promise<readonly WrappedKey[]>;
  /** Where the rows lie that a replica's seqs (`after` < seq ≤ `upTo`) touched; of these buckets only. */
  entriesOfSeqs(
    replica: ReplicaId,
    after: number,
    upTo: number,
    buckets: readonly string[],
  ): Promise<readonly BucketEntry[]>;
  /** In version order. */
  bucketChanges(bucket: string, afterVersion: number, limit: number): Promise<readonly BucketEntry[]>;
  /** Standing entries of version ≤ `upTo`, by rank, then newest id first. */
  bucketFrom(
    bucket: string,
    upTo: number,
    after: BackfillPlace | null,
    limit: number,
  ): Promise<readonly BucketEntry[]>;
  bucketTotal(bucket: string): Promise<number>;
}

export interface Provisional {
  readonly id: MutationId;
  readonly person: PersonId;
  readonly replica: ReplicaId;
  readonly seq: number;
  /** The mutation it is held behind, or the row key or stamp it waits for. */
  readonly cause: string;
  readonly waiting: boolean;
}

export interface BackfillPlace {
  readonly rank: number;
  readonly id: string;
  readonly kind: string;
}

/** The same reads under the ward's lock, and one write. */
export interface WardWriter extends WardReader {
  commit(changes: WardChanges): Promise<void>;
}

/**
 * Everything a round needs of storage: PostgreSQL in production, memory in the simulator's long runs. `write` locks the
 * ward's counter before anything else and keeps all of its work or nothing.
 */
export interface SyncStore {
  read<T>(ward: WardId, work: (tx: WardReader) => Promise<T>): Promise<T>;
  write<T>(ward: WardId, work: (tx: WardWriter) => Promise<T>): Promise<T>;
  /** Newest first, seventeen at most; belongs to no ward. */
  epochs(): Promise<readonly EpochRecord[]>;
  /** Takes a new epoch unless somebody already has: `after` is the place of the one in doubt. */
  takeEpoch(epoch: {
    readonly after: number;
    readonly id: string;
    readonly why: string;
    readonly at: Instant;
  }): Promise<void>;
  /** Remembers a signing key, and says how it was: the first this database has met, known, or a strange one. */
  meetSigningKey(keyId: string, at: Instant): Promise<'first' | 'known' | 'strange'>;
  /** What a contact leaves behind; versions nothing, locks no ward. */
  noteContact(ward: WardId, contact: Contact): Promise<void>;
  /** Remembers that a seq came beyond a missing one, for the leader's list. */
  noteGap(ward: WardId, replica: ReplicaId, seq: number, at: Instant): Promise<void>;
  /** The office's own replica of a ward, made when it is first needed. */
  makeOfficeReplica(ward: WardId, replica: ReplicaId, at: Instant): Promise<void>;
}

export interface Contact {
  readonly replica: ReplicaId;
  readonly person: PersonId;
  readonly device: DeviceId | null;
  readonly at: Instant;
  /** The new token has been used: the one before it is forgotten. */
  readonly forgetPreviousToken: boolean;
  readonly keys: readonly KeyEnvelope[];
  readonly said: ContactWords;
}

/** The data of this write cannot be stored (not: the machinery failed). The batch is halved until the bad one is alone. */
export class StoreDataFault extends Error {
  constructor(cause: unknown) {
    super('the data could not be written', { cause });
    this.name = 'StoreDataFault';
  }
}

/** The ward is busy or the database is away: try the same again later. */
export class StoreBusy extends Error {
  constructor(cause: unknown) {
    super('the store is busy', { cause });
    this.name = 'StoreBusy';
  }
}
