import type { ReplicaId } from '../../domain/record/ids.ts';
import type { Instant } from '../../kernel/clock.ts';
import type { RoundAnswer } from '../../protocol/round.ts';

/** What an answer came to on the phone. */
export interface Taken {
  /** `dropped`: an answer of an epoch or a replica the phone has left. */
  readonly is: 'taken' | 'dropped' | 'new_epoch';
  /** Outcomes heard for the first time. */
  readonly heard: number;
  /** Something moved: an outcome, a row, a cursor, a mark. */
  readonly progress: boolean;
  /** The replica id is used elsewhere, or a seq the server wants is gone: register a new one. */
  readonly fork: boolean;
  /** There is more to ask for at once. */
  readonly more: boolean;
  /** Entries that still wait for their outcome. */
  readonly unsent: number;
  readonly problem: RoundAnswer['problem'];
  readonly sessionMissing: boolean;
}

export const NOTHING_TAKEN: Taken = {
  is: 'dropped',
  heard: 0,
  progress: false,
  fork: false,
  more: false,
  unsent: 0,
  problem: null,
  sessionMissing: false,
};

/** A fresh replica id and the phone's clock: worked out before the transaction. */
export interface TakePorts {
  readonly freshReplica: ReplicaId;
  readonly now: Instant;
}
