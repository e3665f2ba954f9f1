import type { ChildProcess } from 'node:child_process';
import { closeSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { err, ok, type Result } from '$lib/kernel/result.ts';
import { makeCluster, makeSocketDirectory, openLog, prepareDirectories } from './cluster-files.ts';
import { launch, serverArguments } from './cluster-process.ts';
import { bootstrap, DATABASE, SUPERUSER } from './cluster-roles.ts';
import { OWNER_ROLE, WEB_ROLE, type ConnectTarget } from './pool.ts';
import { chooseAccount, type PostgresAccount } from './postgres-account.ts';
import { locateBinaries, type PostgresBinaries } from './postgres-binaries.ts';
import { endOrphan, untilGone, untilReady } from './postmaster.ts';
import { claimDirectory, type ServerLock } from './server-lock.ts';

export const CLUSTER_NAME = 'pg18';

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
  /** Called when the server process fell and could not be raised again. */
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
  readonly stop: () => Promise<void>;
}

/** How often in a row a server that fell is started again before somebody has to look. */
const REVIVALS = 5;
/** A server that stood this long has recovered: the count begins anew. */
const STEADY_MS = 60_000;

interface Cluster {
  readonly options: EmbeddedOptions;
  readonly binaries: PostgresBinaries;
  readonly account: PostgresAccount;
  readonly directory: string;
  readonly socketDir: string;
  readonly lock: ServerLock;
  child: ChildProcess | null;
  stopping: boolean;
  revivals: number;
}

/** Starts the server process; resolves true when it takes connections. */
async function raise(cluster: Cluster): Promise<boolean> {
  const args = serverArguments(cluster.directory, cluster.socketDir, cluster.options.tuning ?? []);
  const log = openLog(cluster.options.dataDir);
  const child = launch(cluster.binaries, cluster.account, args, log);
  closeSync(log);
  cluster.child = child;
  let ended = false;
  // The last resort of a Node that ends by an uncaught fault: a signal can still be sent, waiting cannot be done.
  const lastResort = (): void => void child.kill('SIGINT');
  process.once('exit', lastResort);
  child.once('error', () => (ended = true));
  child.once('exit', () => {
    ended = true;
    process.off('exit', lastResort);
  });
  return await untilReady(cluster.directory, child.pid ?? 0, () => !ended);
}

/** After a fall (killed for memory, a crash): the pool reconnects to the same socket by itself. */
function keepUp(cluster: Cluster): void {
  const began = Date.now();
  cluster.child?.once('exit', (code, signal) => {
    if (cluster.stopping) return;
    cluster.revivals = Date.now() - began > STEADY_MS ? 1 : cluster.revivals + 1;
    void revive(cluster, String(signal ?? code));
  });
}

async function revive(cluster: Cluster, reason: string): Promise<void> {
  const free = cluster.revivals <= REVIVALS && (await endOrphan(cluster.directory, { keepSocket: true }));
  if (cluster.stopping) return;
  if (!free || !(await raise(cluster))) return cluster.options.onLost?.(reason);
  keepUp(cluster);
}

async function lower(cluster: Cluster): Promise<void> {
  cluster.stopping = true;
  const { child } = cluster;
  if (child?.pid !== undefined && child.exitCode === null && child.signalCode === null) {
    child.kill('SIGINT');
    if (!(await untilGone(child.pid, 20_000))) child.kill('SIGQUIT');
    await untilGone(child.pid, 10_000);
  }
  rmSync(cluster.socketDir, { recursive: true, force: true });
  cluster.lock.release();
}

async function openCluster(
  options: EmbeddedOptions,
  lock: ServerLock,
): Promise<Result<Cluster, EmbeddedError>> {
  const directory = join(options.dataDir, CLUSTER_NAME);
  const binaries = locateBinaries();
  if (!binaries.ok) return binaries;
  const account = chooseAccount(binaries.value.postgres, directory, options.dataDir);
  if (!account.ok) return account;
  if (!(await endOrphan(directory))) return err({ kind: 'orphan_lives', detail: directory });
  if (!existsSync(directory)) {
    const failure = makeCluster(binaries.value, account.value, directory);
    if (failure !== null) return err({ kind: 'init_failed', detail: failure });
  }
  const socketDir = makeSocketDirectory(account.value);
  const fixed = { options, binaries: binaries.value, account: account.value, directory, socketDir, lock };
  return ok({ ...fixed, child: null, stopping: false, revivals: 0 });
}

function announce(cluster: Cluster): EmbeddedPostgres {
  const target = (user: string, database: string): ConnectTarget => ({
    kind: 'socket',
    directory: cluster.socketDir,
    user,
    database,
  });
  return {
    owner: target(OWNER_ROLE, DATABASE),
    web: target(WEB_ROLE, DATABASE),
    superuser: target(SUPERUSER, 'postgres'),
    postmasterPid: cluster.child?.pid ?? 0,
    stop: () => lower(cluster),
  };
}

/**
 * Starts the ward's own PostgreSQL under `dataDir`: makes the cluster the first time, ends an orphan left by a
 * killed Node, raises a server that falls, and refuses when another living Node holds the directory.
 */
export async function startEmbeddedPostgres(
  options: EmbeddedOptions,
): Promise<Result<EmbeddedPostgres, EmbeddedError>> {
  prepareDirectories(options.dataDir);
  const lock = claimDirectory(options.dataDir);
  if (!lock.ok) return lock;
  const cluster = await openCluster(options, lock.value);
  if (!cluster.ok) {
    lock.value.release();
    return cluster;
  }
  try {
    if (!(await raise(cluster.value))) {
      await lower(cluster.value);
      return err({ kind: 'start_failed', detail: join(options.dataDir, 'log', 'postgres.log') });
    }
    const announced = announce(cluster.value);
    await bootstrap(announced.superuser);
    keepUp(cluster.value);
    return ok(announced);
  } catch (error) {
    await lower(cluster.value);
    throw error;
  }
}
