import type { Database } from '../database/pool.ts';
import { inTransaction } from '../database/transaction.ts';
import type { AuthContext } from './auth-context.ts';
import { hashSecret } from './secrets.ts';

/** A bucket of tries: `burst` at once, then one each `everySeconds`. */
export interface Limit {
  readonly burst: number;
  readonly everySeconds: number;
}

/** One thing that is counted: an account, an address, a device. */
export interface Counted {
  readonly key: string;
  readonly limit: Limit;
}

const FORGET_AFTER = '2 days';

interface Bucket {
  readonly tokens: number;
}

async function takeOne(database: Database, counted: Counted, now: Date): Promise<number | null> {
  const { burst, everySeconds } = counted.limit;
  const key = await hashSecret(counted.key);
  return inTransaction(database, { wards: [] }, async (tx) => {
    const [taken] = await tx<Bucket[]>`
      insert into rate_limit as r (key, tokens, at) values (${key}, ${burst - 1}::double precision, ${now})
      on conflict (key) do update set
        tokens = least(${burst}::double precision,
          r.tokens + greatest(0, extract(epoch from excluded.at - r.at)) / ${everySeconds}::double precision) - 1,
        at = greatest(r.at, excluded.at)
      where least(${burst}::double precision,
        r.tokens + greatest(0, extract(epoch from excluded.at - r.at)) / ${everySeconds}::double precision) >= 1
      returning tokens`;
    if (taken !== undefined) return null;
    const [left] = await tx<(Bucket & { elapsed: number })[]>`
      select tokens, greatest(0, extract(epoch from ${now}::timestamptz - at))::double precision as elapsed
      from rate_limit where key = ${key}`;
    return Math.max(1, Math.ceil((1 - (left?.tokens ?? 0)) * everySeconds - (left?.elapsed ?? 0)));
  });
}

/**
 * Takes one try from each bucket. Null: go on; a number: try again after so many seconds. The buckets lie in the
 * database, so all nodes count together; keys are hashed, no address is kept.
 */
export async function takeTries(context: AuthContext, counted: readonly Counted[]): Promise<number | null> {
  const now = new Date(context.clock.now());
  for (const one of counted) {
    const wait = await takeOne(context.database, one, now);
    if (wait !== null) return wait;
  }
  return null;
}

/** A try that turned out right counts for nothing: the bucket is full again. */
export async function forgetTries(context: AuthContext, keys: readonly string[]): Promise<void> {
  const hashes = await Promise.all(keys.map(hashSecret));
  await inTransaction(context.database, { wards: [] }, async (tx) => {
    await tx`delete from rate_limit where key in ${tx(hashes)}`;
    await tx`delete from rate_limit where at < ${new Date(context.clock.now())}::timestamptz - ${FORGET_AFTER}::interval`;
  });
}
