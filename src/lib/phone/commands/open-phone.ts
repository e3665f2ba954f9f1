import type { LogFault } from '../../domain/assist/check-log.ts';
import type { MutationId, RowId } from '../../domain/record/ids.ts';
import type { RefusalCode } from '../../domain/record/mutation.ts';
import type { Clock, Instant } from '../../kernel/clock.ts';
import type { Random } from '../../kernel/random.ts';
import type { AccountDb } from '../store/open-account-db.ts';
import type { Sealer } from '../store/sealer.ts';
import type { StorageFault } from '../store/storage-fault.ts';

/** An account whose vault is open, with all that a command needs of the world. */
export interface OpenPhone {
  readonly db: AccountDb;
  readonly sealer: Sealer;
  readonly clock: Clock;
  readonly random: Random;
  /** Called after each save: wakes the courier. */
  readonly saved: () => void;
}

/** Told only after the transaction's own completion: "Đã lưu trên máy". */
export interface Saved {
  readonly mutation: MutationId;
  /** Ids of the rows it touched, the assist first. */
  readonly rows: readonly RowId[];
  readonly at: Instant;
}

/** Why nothing was saved. The form stays as it is, and says so. */
export type CommandFault =
  | StorageFault
  | { readonly kind: 'invalid'; readonly faults: readonly LogFault[] }
  /** More than one save may weigh (64 kB). */
  | { readonly kind: 'too_large' }
  | { readonly kind: 'not_allowed'; readonly code: RefusalCode }
  /** The record, or the refused mutation, is no longer on this phone. */
  | { readonly kind: 'gone' }
  /** The ten seconds of undoing are over. */
  | { readonly kind: 'too_late' }
  /** Sealed under a key this vault does not hold. */
  | { readonly kind: 'unreadable' }
  | { readonly kind: 'not_enrolled' };
