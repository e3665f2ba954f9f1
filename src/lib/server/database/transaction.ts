import { APP_ROLE, type Database, type Transaction } from './pool.ts';

/** Whose rows a transaction may touch, and in whose name. */
export interface TransactionScope {
  /** Ward ids that row-level security lets through; none = only tables that belong to no ward. */
  readonly wards: readonly string[];
  /** Account id for the history, readable in SQL as `current_setting('app.actor', true)`. */
  readonly actor?: string;
}

export interface TransactionOptions {
  /** One unmoving picture for several reads (reports, backup), where the default re-reads at each statement. */
  readonly snapshot?: boolean;
  readonly readOnly?: boolean;
  /** For reports and restores; 10 s otherwise. */
  readonly statementTimeoutMs?: number;
}

const LOCK_TIMEOUT = '5s';
const IDLE_TIMEOUT = '5s';
const STATEMENT_TIMEOUT_MS = 10_000;
const WARD_ID = /^[A-Za-z0-9_-]{1,64}$/;

function beginOptions(options: TransactionOptions): string {
  const isolation =
    options.snapshot === true ? 'isolation level repeatable read' : 'isolation level read committed';
  return options.readOnly === true ? `${isolation} read only` : isolation;
}

/**
 * The only door to the rows, for reads too: opens a transaction, becomes the application role
 * (neither owner nor superuser) and tells row-level security which wards may be seen.
 * Commits when `work` resolves, rolls back and rethrows when it rejects. All of it ends with the transaction.
 */
export async function inTransaction<T>(
  database: Database,
  scope: TransactionScope,
  work: (tx: Transaction) => Promise<T>,
  options: TransactionOptions = {},
): Promise<T> {
  const bad = scope.wards.find((ward) => !WARD_ID.test(ward));
  if (bad !== undefined) throw new TypeError('a ward id must be letters, digits, _ or -');
  const timeout = `${options.statementTimeoutMs ?? STATEMENT_TIMEOUT_MS}ms`;
  const result = await database.pool.begin(beginOptions(options), async (tx): Promise<{ value: T }> => {
    // Not awaited by itself: it goes out together with the first statements of `work`, and is carried out before them.
    // Should it fail, so does everything behind it.
    const scoped = tx`
      select set_config('role', ${APP_ROLE}, true),
             set_config('app.wards', ${scope.wards.join(',')}, true),
             set_config('app.actor', ${scope.actor ?? ''}, true),
             set_config('lock_timeout', ${LOCK_TIMEOUT}, true),
             set_config('statement_timeout', ${timeout}, true),
             set_config('idle_in_transaction_session_timeout', ${IDLE_TIMEOUT}, true)`.execute();
    const [value] = await Promise.all([work(tx), scoped]);
    // Wrapped, because begin() itself unpacks an array of promises.
    return { value };
  });
  return result.value;
}
