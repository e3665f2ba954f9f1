import postgres from 'postgres';

/** Owns tables and runs migrations; no superuser, so that forced row-level security bites it too. */
export const OWNER_ROLE = 'xks_owner';
/** What every transaction of the application becomes. Neither owner nor superuser, cannot log in. */
export const APP_ROLE = 'xks_app';
/** The login of the embedded application pool: no rights of its own but to become `xks_app`. */
export const WEB_ROLE = 'xks_web';

/** Where to connect. A socket directory needs no password: its own closed mode is the lock. */
export type ConnectTarget =
  | { readonly kind: 'socket'; readonly directory: string; readonly user: string; readonly database: string }
  | { readonly kind: 'url'; readonly url: string };

export type Sql = postgres.Sql<{ bigint: number }>;
export type Transaction = postgres.TransactionSql<{ bigint: number }>;

/** An open pool. Request code never queries it directly: see transaction.ts. */
export interface Database {
  readonly pool: Sql;
  close(): Promise<void>;
}

const types = {
  /** Counters and versions; beyond 2^53 a number would lie, so it fails instead. */
  bigint: {
    to: 20,
    from: [20],
    serialize: (value: number) => String(value),
    parse: (text: string): number => {
      const value = Number(text);
      if (!Number.isSafeInteger(value)) throw new RangeError('bigint beyond the safe range');
      return value;
    },
  },
  /** A civil day stays the text YYYY-MM-DD: as an instant it would move with the machine's time zone. */
  day: { to: 1082, from: [1082], serialize: (value: string) => value, parse: (text: string): string => text },
};

/** Opens a pool. `size` connections at most; a waiting caller queues. */
export function openDatabase(target: ConnectTarget, size = 10): Database {
  const common = {
    max: size,
    types,
    connect_timeout: 10,
    onnotice: () => undefined,
    connection: { application_name: 'xks', TimeZone: 'UTC' },
  };
  const pool: Sql =
    target.kind === 'url'
      ? postgres(target.url, common)
      : postgres({
          ...common,
          host: target.directory,
          port: 5432,
          user: target.user,
          database: target.database,
        });
  return { pool, close: () => pool.end({ timeout: 5 }) };
}
