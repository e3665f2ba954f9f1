import type { Instant } from '../../kernel/clock.ts';
import { NO_CONTACT, readMeta } from '../store/meta.ts';
import type { AccountDb } from '../store/open-account-db.ts';
import type { ContactProblem } from '../store/stored.ts';

/** How the phone and the ward stand to each other. */
export interface SyncStatus {
  /** By the phone's clock; null before the first success. */
  readonly lastSuccessAt: Instant | null;
  readonly problem: ContactProblem | null;
  /** With `slow_down`: the ward asked to be left alone so long. */
  readonly retryAfterS: number;
  /** Attempts in a row that brought nothing. */
  readonly failures: number;
  /** The server's clock minus the phone's. Shown when large. */
  readonly skewMs: number;
  readonly sending: boolean;
}

export async function syncStatus(db: AccountDb): Promise<SyncStatus> {
  const contact = (await readMeta(db.relaxed, 'contact')) ?? NO_CONTACT;
  const lease = await readMeta(db.relaxed, 'lease');
  return {
    lastSuccessAt: contact.lastSuccessAt === 0 ? null : contact.lastSuccessAt,
    problem: contact.problem,
    retryAfterS: contact.retryAfterS,
    failures: contact.failures,
    skewMs: contact.skewMs,
    sending: lease !== undefined && lease.sending !== null,
  };
}

/** The bar of a first pull; null when none runs. `total` is never smaller than `done`. */
export async function pullProgress(
  db: AccountDb,
): Promise<{ readonly done: number; readonly total: number } | null> {
  const filling = (await db.relaxed.buckets.toArray()).filter((bucket) => bucket.filling);
  if (filling.length === 0) return null;
  const done = filling.reduce((sum, bucket) => sum + bucket.got, 0);
  const total = filling.reduce((sum, bucket) => sum + Math.max(bucket.got, bucket.total ?? 0), 0);
  return { done, total };
}
