import type { PersonId } from '../../domain/record/ids.ts';
import type { Bytes } from '../../kernel/bytes.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Random } from '../../kernel/random.ts';
import type { AccountDb } from '../store/open-account-db.ts';

/** A lock over all tabs and workers of one browser. */
export interface LockPort {
  /**
   * Runs `work` while holding the lock. `if_free`: at once or not at all; `steal`: takes it from whoever holds it.
   * `held: false`: somebody else had it, or took it while `work` ran.
   */
  run<T>(
    name: string,
    how: 'if_free' | 'steal',
    work: () => Promise<T>,
  ): Promise<{ readonly held: true; readonly value: T } | { readonly held: false }>;
}

export interface TimerPort {
  /** Resolves after so many milliseconds; at once when the signal is aborted. */
  wait(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Everything the courier touches. It has no keys: the same code runs in pages, the service worker and the simulator. */
export interface CourierWorld {
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  readonly clock: Clock;
  readonly random: Random;
  readonly timer: TimerPort;
  readonly lock: LockPort;
  /** Null where the browser cannot compress: requests then go plain. */
  readonly gzip: ((bytes: Bytes) => Promise<Bytes>) | null;
  /** The id of the data key rows are to come down under; null while the vault is locked: up and outcomes only. */
  readonly pullKey: (person: PersonId) => string | null;
  readonly tell: (event: CourierEvent) => void;
  /** The build this is, told to the server with each round. */
  readonly app: string;
}

/** What others may want to know; the database tells all that screens show. */
export type CourierEvent =
  | { readonly kind: 'settled'; readonly person: PersonId; readonly count: number }
  /** Rows were asked for and none came: the session is to be renewed. */
  | { readonly kind: 'session_needed'; readonly person: PersonId }
  /** The server does not know the token (restored): everything stays and waits for enrolment. */
  | { readonly kind: 'unknown_token'; readonly person: PersonId }
  /** Revoked, and all that was unsent has been taken: keys and database are to be dropped now. */
  | { readonly kind: 'revoked'; readonly person: PersonId }
  | { readonly kind: 'upgrade'; readonly person: PersonId }
  /** Rows cannot come down: the data key is to be sealed to the newest delivery key (`deliveryKey` in the database). */
  | { readonly kind: 'key_needed'; readonly person: PersonId }
  | { readonly kind: 'epoch_changed'; readonly person: PersonId };

/** How one run for one account ended. */
export type RunEnd =
  /** Nothing more to do now. */
  | { readonly is: 'done' }
  /** Another tab or the worker is at it. */
  | { readonly is: 'busy' }
  /** Try again later; `afterMs` when the server said when. */
  | { readonly is: 'failed'; readonly why: RunFault; readonly afterMs: number | null }
  /** Waits for a person: enrolment, revocation, a newer app. */
  | { readonly is: 'stopped'; readonly why: 'unknown_token' | 'revoked' | 'not_enrolled' | 'newer_app' };

export type RunFault =
  ExchangeFault['kind'] | 'slow_down' | 'unknown_key' | 'storage' | 'no_progress' | 'lease_lost';

/** Why a request brought no answer of ours. Nothing is settled by any of them. */
export type ExchangeFault =
  | { readonly kind: 'no_answer' }
  | { readonly kind: 'timed_out' }
  | { readonly kind: 'too_large' }
  /** A captive portal, a proxy, a truncated body. */
  | { readonly kind: 'not_ours' }
  | { readonly kind: 'busy'; readonly afterMs: number | null }
  /** Said by the server without an answer of the ward: the token is unknown to it, or this build too old for it. */
  | { readonly kind: 'unknown_token' }
  | { readonly kind: 'upgrade' };

export interface CourierTask {
  readonly db: AccountDb;
  readonly world: CourierWorld;
}
