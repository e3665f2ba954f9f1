import type { Account } from '../../protocol/enrol.ts';
import type { KeyEnvelope } from '../../protocol/envelope.ts';
import type { Instant } from '../../kernel/clock.ts';
import type { Actor } from '../../domain/people/roles.ts';
import type { MutationId, ReplicaId, RowId } from '../../domain/record/ids.ts';
import type { MutationKind, Outcome } from '../../domain/record/mutation.ts';
import type { ConfirmedRow, Row, RowKind, SealedBlob } from '../../domain/record/row.ts';

/**
 * One record on the phone: what the server confirmed, and how it looks with the outbox replayed on top. Personal parts
 * are in two forms, see `sealed-part.ts`.
 */
export interface StoredRow {
  /** `rowKey(kind, id)`. */
  readonly key: string;
  readonly kind: RowKind;
  readonly id: RowId;
  readonly confirmed: ConfirmedRow | null;
  /** Null: nothing waits on this row, it is shown as confirmed. */
  readonly replayed: Row | null;
  /** Bucket → the pull of that bucket in which the row came last. `own` while it came only as the answer to a save. */
  readonly pulls: Readonly<Record<string, number>>;
  /** The keys of `pulls`, for the index. */
  readonly buckets: readonly string[];
  /** The day it is listed under (assist: of the visit; filing: of submission); '' for the others. */
  readonly day: string;
  /** Key of the assist it belongs to, or ''. */
  readonly parent: string;
}

/** What is shown of a stored row: the outbox on top of what the server confirmed. */
export function shownRow(stored: Pick<StoredRow, 'confirmed' | 'replayed'> | undefined): Row | undefined {
  return stored?.replayed ?? stored?.confirmed ?? undefined;
}

/** Where an entry stands: `unsent` has no outcome yet; `needs_you` was refused, held or given up and nobody answered it. */
export type OutboxPhase = 'unsent' | 'arrived' | 'needs_you';

/** One saved mutation: the bytes as they travel, and what became of it. */
export interface OutboxEntry {
  readonly id: MutationId;
  /** The order of saving on this phone; never changes. */
  readonly place: number;
  /** Under which it goes or went; a fork gives what is unsettled new ones, ids and bytes unchanged. */
  readonly replica: ReplicaId;
  readonly seq: number;
  readonly plain: string;
  readonly sealed: SealedBlob | null;
  readonly key: string | null;
  readonly kind: MutationKind;
  /** Keys of the rows it touches, and of the assists they belong to. */
  readonly rows: readonly string[];
  /** Who saved it, as they stood then: a later change of team does not take it out of the view. */
  readonly actor: Actor;
  /** By the phone's clock. */
  readonly savedAt: Instant;
  readonly phase: OutboxPhase;
  readonly outcome: Outcome | null;
  /** Once applied, epoch → commit: confirmed rows of that epoch with this or a higher version contain it. */
  readonly commits: Readonly<Record<string, number>>;
  /** Server time and epoch of the answer that acknowledged it; 0 and '' before. */
  readonly ackedAt: Instant;
  readonly ackedIn: string;
  /** 1 while it is replayed on the view. */
  readonly replay: 0 | 1;
  /** The refused mutation that this one mends or discards. */
  readonly mends: MutationId | null;
  /** The later mutation that mends or discards this one. */
  readonly answeredBy: MutationId | null;
  /** True: it could never be let through; its seq goes with an empty envelope. */
  readonly givesUp: boolean;
  /** `pulled`: an own record of an earlier phone, from the ward's quarantine; its sealed part is bound as one that came down. */
  readonly came: 'saved' | 'pulled';
}

/** How far one bucket has been pulled. */
export interface StoredBucket {
  readonly bucket: string;
  /** '' before the first page. */
  readonly cursor: string;
  /** Counts the pulls from the start. */
  readonly pull: number;
  /** True until the last page of a pull from the start. */
  readonly filling: boolean;
  readonly got: number;
  readonly total: number | null;
}

/** A row of a kind that this build does not know: kept as it came. */
export interface AsideRow {
  readonly key: string;
  readonly bucket: string;
  readonly version: number;
  readonly raw: string;
}

/** A form that is being filled in, sealed. */
export interface StoredDraft {
  readonly id: string;
  readonly kind: string;
  readonly savedAt: Instant;
  readonly blob: SealedBlob;
  readonly key: string;
}

/** A content pack as downloaded. */
export interface StoredPack {
  readonly name: string;
  readonly version: string;
  readonly hash: string;
  readonly body: string;
}

/** Why the courier stands still although there is network. */
export type ContactProblem =
  | 'unknown_token'
  | 'revoked'
  | 'slow_down'
  | 'gap'
  | 'upgrade'
  | 'unknown_key'
  | 'no_session'
  | 'not_ours'
  | 'no_answer';

/** The single records of an account's database, by name. */
export interface MetaShapes {
  /** The highest build that has written here: an older one may only read. */
  readonly code: { readonly version: number };
  readonly account: Account;
  readonly replica: {
    readonly id: ReplicaId;
    readonly token: string;
    readonly nextSeq: number;
    readonly nextPlace: number;
    /** All outcomes up to here are stored; and their confirmed rows too. */
    readonly heardTo: number;
    readonly rowsTo: number;
  };
  /** A replica made because ours was used elsewhere; stored before it is registered. */
  readonly nextReplica: { readonly id: ReplicaId };
  /** Revoked, and all was taken: nothing is saved here any more, the database is about to go. */
  readonly revoked: { readonly at: Instant };
  readonly epoch: {
    readonly id: string;
    /** Epochs this phone has left: their answers are dropped. */
    readonly left: readonly string[];
    readonly receipt: string | null;
    /** Server time of the change, 0 when there never was one. */
    readonly changedAt: Instant;
  };
  /** The restore that the person at this phone has been told of: the epoch's `changedAt`. */
  readonly restoreTold: { readonly at: Instant };
  readonly lease: {
    readonly holder: string;
    readonly beat: number;
    readonly sending: readonly [number, number] | null;
  };
  readonly batch: { readonly size: number; readonly tooLarge: number };
  /** Written and taken away again, see `fresh-log.ts`. */
  readonly ballast: Uint8Array;
  readonly deliveryKey: { readonly id: string; readonly publicKey: string };
  readonly contact: {
    /** By the phone's clock; 0 before the first success. */
    readonly lastSuccessAt: Instant;
    /** The server's clock minus the phone's, at the last answer. */
    readonly skewMs: number;
    readonly problem: ContactProblem | null;
    readonly retryAfterS: number;
    readonly failures: number;
  };
}
export type MetaName = keyof MetaShapes;

export interface MetaRecord {
  readonly name: MetaName;
  readonly value: MetaShapes[MetaName];
}

export type StoredKey = KeyEnvelope;
