import { err, ok, type Result } from '$lib/kernel/result.ts';
import { readMigrations, type Migration } from './migration-files.ts';
import { APP_ROLE, openDatabase, type ConnectTarget, type Sql, type Transaction } from './pool.ts';

export type MigrateError =
  | { readonly kind: 'bad_files' | 'changed_file' | 'failed'; readonly detail: string }
  | { readonly kind: 'newer_database'; readonly database: number; readonly files: number }
  | { readonly kind: 'old_server'; readonly detail: string };

export interface Migrated {
  readonly applied: readonly number[];
  readonly version: number;
}

/** Any constant does, as long as no other program in the same database uses it. */
const LOCK_KEY = 7_426_101;
const OLDEST_SERVER = 150_000;

/** Reported by throwing inside the transaction, which must roll back, and caught in this file only. */
class Refusal extends Error {
  readonly reason: MigrateError;
  constructor(reason: MigrateError) {
    super(reason.kind);
    this.reason = reason;
  }
}

async function prepare(tx: Transaction): Promise<void> {
  const [role] = await tx<{ exists: boolean; member: boolean }[]>`
    select exists (select from pg_roles where rolname = ${APP_ROLE}) as exists,
           coalesce((select pg_has_role(current_user, oid, 'member') from pg_roles where rolname = ${APP_ROLE}), false) as member`;
  if (role?.exists !== true) await tx.unsafe(`create role ${APP_ROLE} nologin`);
  if (role?.member !== true) await tx.unsafe(`grant ${APP_ROLE} to current_user`);
  await tx.unsafe(`
    create table if not exists schema_migration (
      number integer primary key, name text not null, checksum text not null, applied_at timestamptz not null default now()
    );
    grant usage on schema public to ${APP_ROLE};
    grant select on schema_migration to ${APP_ROLE};
  `);
}

async function known(tx: Transaction): Promise<Map<number, string>> {
  const rows = await tx<
    { number: number; checksum: string }[]
  >`select number, checksum from schema_migration`;
  return new Map(rows.map((row) => [row.number, row.checksum]));
}

function checkHistory(done: ReadonlyMap<number, string>, files: readonly Migration[]): void {
  const newest = Math.max(0, ...done.keys());
  if (newest > files.length)
    throw new Refusal({ kind: 'newer_database', database: newest, files: files.length });
  const changed = files.find((file) => done.has(file.number) && done.get(file.number) !== file.checksum);
  if (changed !== undefined)
    throw new Refusal({ kind: 'changed_file', detail: `${changed.number}_${changed.name}` });
}

async function lay(tx: Transaction, file: Migration): Promise<void> {
  try {
    await tx.unsafe(file.sql);
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    throw new Refusal({ kind: 'failed', detail: `${file.number}_${file.name}: ${words}` });
  }
  await tx`insert into schema_migration (number, name, checksum) values (${file.number}, ${file.name}, ${file.checksum})`;
}

/** Lays an empty schema down up to the last of `files`, inside the caller's transaction: for restore. */
export async function layMigrations(tx: Transaction, files: readonly Migration[]): Promise<void> {
  await tx`select pg_advisory_xact_lock(${LOCK_KEY})`;
  await prepare(tx);
  for (const file of files) await lay(tx, file);
}

/** One transaction: the lock, a look at what is done, at most one file. Returns the number applied, or null when done. */
async function step(pool: Sql, files: readonly Migration[]): Promise<number | null> {
  return await pool.begin(async (tx) => {
    await tx`select pg_advisory_xact_lock(${LOCK_KEY})`;
    await prepare(tx);
    const done = await known(tx);
    checkHistory(done, files);
    const next = files.find((file) => !done.has(file.number));
    if (next === undefined) return null;
    await lay(tx, next);
    return next.number;
  });
}

/**
 * Brings the database to the newest file in `directory`: forward only, each file in a transaction of its own under
 * one advisory lock, so that several nodes may start together. Refuses a past file whose text has changed, and a
 * database that a newer release has already moved on.
 */
export async function migrate(
  target: ConnectTarget,
  directory: string,
): Promise<Result<Migrated, MigrateError>> {
  const files = readMigrations(directory);
  if (!files.ok) return files;
  const database = openDatabase(target, 1);
  try {
    const [server] = await database.pool<
      { version: string }[]
    >`select current_setting('server_version_num') as version`;
    const version = Number(server?.version ?? 0);
    if (version < OLDEST_SERVER) return err({ kind: 'old_server', detail: String(version) });
    const applied: number[] = [];
    for (
      let next = await step(database.pool, files.value);
      next !== null;
      next = await step(database.pool, files.value)
    ) {
      applied.push(next);
    }
    return ok({ applied, version: files.value.length });
  } catch (error) {
    if (error instanceof Refusal) return err(error.reason);
    throw error;
  } finally {
    await database.close();
  }
}
