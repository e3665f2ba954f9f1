import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { err, ok, type Result } from '$lib/kernel/result.ts';
import { APP_ROLE, OWNER_ROLE, WEB_ROLE, type ConnectTarget } from './pool.ts';
import { chooseAccount, underAccount, type PostgresAccount } from './postgres-account.ts';
import { locateBinaries, type PostgresBinaries } from './postgres-binaries.ts';
import { endOrphan, untilGone, untilReady } from './postmaster.ts';
import { claimDirectory, type ServerLock } from './server-lock.ts';
import { withConnection } from './one-connection.ts';

export const CLUSTER_NAME = 'pg18';
const DATABASE = 'xks';
const SUPERUSER = 'xks_super';
const LOG_LIMIT_BYTES = 5_000_000;

export type EmbeddedError =
  | {
      readonly kind:
        'no_binaries' | 'foreign_data' | 'no_account' | 'orphan_lives' | 'init_failed' | 'start_failed';
      readonly detail: string;
    }
  | { readonly kind: 'already_running'; readonly pid: number };

export interface EmbeddedOptions {
  /** Everything lives under here: `pg18/`, `log/postgres.log`, `server.lock`. Created when missing. */
  readonly dataDir: string;
  /** Extra `-c name=value` settings; tests switch fsync off, production passes none. */
  readonly tuning?: readonly string[];
  /** Called when the server process ends without having been asked to. */
  readonly onLost?: (detail: string) => void;
}

export interface EmbeddedPostgres {
  /** For migrations and schema work only: owns the tables, yet is no superuser. */
  readonly owner: ConnectTarget;
  /** For everything the application does: has no right of its own but to become the application role. */
  readonly web: ConnectTarget;
  /** For the test harness and restore: creates databases. Never handed to request code. */
  readonly superuser: ConnectTarget;
  readonly postmasterPid: number;
  /** Fast shutdown: waits for the server to end, frees the lock and the socket directory. */
  stop(): Promise<void>;
}

function prepareDirectories(dataDir: string): void {
  // 0711: the database account must be able to pass through; what is private inside has its own mode.
  mkdirSync(dataDir, { recursive: true, mode: 0o711 });
  mkdirSync(join(dataDir, 'log'), { recursive: true, mode: 0o700 });
}

function openLog(dataDir: string): number {
  const path = join(dataDir, 'log', 'postgres.log');
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > LOG_LIMIT_BYTES) renameSync(path, `${path}.1`);
  const log = openSync(path, 'a', 0o600);
  return log;
}

/** A cluster counts as made only under its final name, so a half-made one is never used. */
function makeCluster(binaries: PostgresBinaries, account: PostgresAccount, cluster: string): string | null {
  const unfinished = `${cluster}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { mode: 0o700 });
  if ('uid' in account) chownSync(unfinished, account.uid, account.gid);
  const args = ['-D', unfinished, '-U', SUPERUSER, '-A', 'trust', '-E', 'UTF8'];
  const locale = ['--locale-provider=builtin', '--locale=C.UTF-8'];
  const command = underAccount(account, binaries.initdb, [...args, ...locale]);
  const { file, args: full, ...ids } = command;
  const made = spawnSync(file, [...full], { cwd: tmpdir(), encoding: 'utf8', ...ids });
  if (made.status !== 0) return made.stderr || made.error?.message || 'initdb';
  renameSync(unfinished, cluster);
  return null;
}

/** Short, because a socket address holds 107 bytes; closed to everybody but the two parties. */
function makeSocketDirectory(account: PostgresAccount): string {
  const directory = mkdtempSync(join(existsSync('/tmp') ? '/tmp' : tmpdir(), 'xks-'));
  chmodSync(directory, 0o700);
  if ('uid' in account) chownSync(directory, account.uid, account.gid);
  return directory;
}

function serverArguments(cluster: string, socketDir: string, tuning: readonly string[]): string[] {
  const settings = [
    'listen_addresses=',
    `unix_socket_directories=${socketDir}`,
    'unix_socket_permissions=0700',
    'max_connections=60',
    'timezone=UTC',
    'log_timezone=UTC',
    // People's words must not reach the log: no statements, no parameters, no key values of violated constraints.
    'log_statement=none',
    'log_min_error_statement=panic',
    'log_error_verbosity=terse',
    'log_parameter_max_length=0',
    'log_parameter_max_length_on_error=0',
    ...tuning,
  ];
  return ['-D', cluster, ...settings.flatMap((setting) => ['-c', setting])];
}

function launch(
  binaries: PostgresBinaries,
  account: PostgresAccount,
  args: readonly string[],
  log: number,
): ChildProcess {
  const { file, args: full, ...ids } = underAccount(account, binaries.postgres, args);
  // detached: Ctrl-C in the terminal must reach Node alone, which then stops the server in order.
  return spawn(file, [...full], { cwd: tmpdir(), detached: true, stdio: ['ignore', log, log], ...ids });
}

async function bootstrap(superuser: ConnectTarget): Promise<void> {
  await withConnection(superuser, async (sql) => {
    const rows = await sql<
      { datname: string }[]
    >`select datname from pg_database where datname = ${DATABASE}`;
    if (rows.length > 0) return;
    await sql.unsafe(`
      do $$ begin
        if not exists (select from pg_roles where rolname = '${APP_ROLE}') then create role ${APP_ROLE} nologin; end if;
        if not exists (select from pg_roles where rolname = '${OWNER_ROLE}') then create role ${OWNER_ROLE} login; end if;
        if not exists (select from pg_roles where rolname = '${WEB_ROLE}') then create role ${WEB_ROLE} login noinherit; end if;
      end $$;
      grant ${APP_ROLE} to ${OWNER_ROLE} with admin option;
      grant ${APP_ROLE} to ${WEB_ROLE};
    `);
    await sql.unsafe(`create database ${DATABASE} owner ${OWNER_ROLE}`);
  });
}

interface Running {
  readonly child: ChildProcess;
  readonly socketDir: string;
  readonly lock: ServerLock;
  stopping: boolean;
}

function stopper(running: Running): () => Promise<void> {
  return async () => {
    running.stopping = true;
    const pid = running.child.pid;
    if (pid !== undefined && running.child.exitCode === null && running.child.signalCode === null) {
      running.child.kill('SIGINT');
      if (!(await untilGone(pid, 20_000))) running.child.kill('SIGQUIT');
      await untilGone(pid, 10_000);
    }
    rmSync(running.socketDir, { recursive: true, force: true });
    running.lock.release();
  };
}

async function startLocked(
  options: EmbeddedOptions,
  lock: ServerLock,
): Promise<Result<EmbeddedPostgres, EmbeddedError>> {
  const cluster = join(options.dataDir, CLUSTER_NAME);
  const binaries = locateBinaries();
  if (!binaries.ok) return binaries;
  const account = chooseAccount(binaries.value.postgres, cluster, options.dataDir);
  if (!account.ok) return account;
  if (!(await endOrphan(cluster))) return err({ kind: 'orphan_lives', detail: cluster });
  if (!existsSync(cluster)) {
    const failure = makeCluster(binaries.value, account.value, cluster);
    if (failure !== null) return err({ kind: 'init_failed', detail: failure });
  }
  const socketDir = makeSocketDirectory(account.value);
  const args = serverArguments(cluster, socketDir, options.tuning ?? []);
  const child = launch(binaries.value, account.value, args, openLog(options.dataDir));
  const running: Running = { child, socketDir, lock, stopping: false };
  const stop = stopper(running);
  let failed: string | null = null;
  child.once('error', (error) => (failed = error.message));
  child.once('exit', (code, signal) => {
    failed = String(signal ?? code);
    if (!running.stopping) options.onLost?.(failed);
  });
  // The last resort of a Node that ends by an uncaught fault: a signal can still be sent, waiting cannot be done.
  const lastResort = (): void => void child.kill('SIGINT');
  process.once('exit', lastResort);
  child.once('exit', () => process.off('exit', lastResort));
  if (!(await untilReady(cluster, child.pid ?? 0, () => failed === null))) {
    running.stopping = true;
    await stop();
    return err({ kind: 'start_failed', detail: join(options.dataDir, 'log', 'postgres.log') });
  }
  const target = (user: string, database: string): ConnectTarget => ({
    kind: 'socket',
    directory: socketDir,
    user,
    database,
  });
  const superuser = target(SUPERUSER, 'postgres');
  try {
    await bootstrap(superuser);
  } catch (error) {
    await stop();
    throw error;
  }
  return ok({
    owner: target(OWNER_ROLE, DATABASE),
    web: target(WEB_ROLE, DATABASE),
    superuser,
    postmasterPid: child.pid ?? 0,
    stop,
  });
}

/**
 * Starts the ward's own PostgreSQL under `dataDir`: makes the cluster the first time, ends an orphan left by a
 * killed Node, and refuses when another living Node holds the directory.
 */
export async function startEmbeddedPostgres(
  options: EmbeddedOptions,
): Promise<Result<EmbeddedPostgres, EmbeddedError>> {
  prepareDirectories(options.dataDir);
  const lock = claimDirectory(options.dataDir);
  if (!lock.ok) return lock;
  const started = await startLocked(options, lock.value);
  if (!started.ok) lock.value.release();
  return started;
}
