import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { startEmbeddedPostgres } from '../../src/lib/server/database/embedded-postgres.ts';
import { migrate } from '../../src/lib/server/database/migrate.ts';
import { openDatabase, OWNER_ROLE, type ConnectTarget } from '../../src/lib/server/database/pool.ts';
import { endOrphan } from '../../src/lib/server/database/postmaster.ts';
import { claimDirectory } from '../../src/lib/server/database/server-lock.ts';

export const TEMPLATE = 'xks_template';
const PREFIX = 'xks-cluster-';

/** Nothing in a test run outlives it, so nothing needs to reach the disk. */
const FAST = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'max_connections=200'];

declare module 'vitest' {
  export interface ProvidedContext {
    readonly cluster: TestCluster;
  }
}

/** Ends and removes clusters of test runs that were killed. */
async function sweep(): Promise<void> {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(PREFIX))) {
    const directory = join(tmpdir(), name);
    // A run that has only just made its directory holds no lock yet.
    if (Date.now() - (statSync(directory, { throwIfNoEntry: false })?.mtimeMs ?? 0) < 60_000) continue;
    const lock = claimDirectory(directory);
    if (lock.ok && (await endOrphan(join(directory, 'pg18'))))
      rmSync(directory, { recursive: true, force: true });
  }
}

async function makeTemplate(superuser: ConnectTarget & { kind: 'socket' }): Promise<void> {
  const admin = openDatabase(superuser, 1);
  await admin.pool.unsafe(`create database ${TEMPLATE} owner ${OWNER_ROLE}`);
  await admin.close();
  const migrated = await migrate({ ...superuser, user: OWNER_ROLE, database: TEMPLATE }, 'migrations');
  if (!migrated.ok) throw new Error(`migrations: ${JSON.stringify(migrated.error)}`);
}

/** Where a test cluster is, and who may do all in it. */
export interface TestCluster {
  readonly directory: string;
  readonly superuser: string;
}

/** One real PostgreSQL with one migrated template to copy from; `stop` ends it and leaves nothing. */
export async function startCluster(): Promise<{
  readonly cluster: TestCluster;
  readonly stop: () => Promise<void>;
}> {
  await sweep();
  const dataDir = mkdtempSync(join(tmpdir(), PREFIX));
  const started = await startEmbeddedPostgres({ dataDir, tuning: FAST });
  if (!started.ok) throw new Error(`test cluster: ${JSON.stringify(started.error)}`);
  const { superuser, stop } = started.value;
  if (superuser.kind !== 'socket') throw new Error('the test cluster listens on a socket');
  const end = async (): Promise<void> => {
    await stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
  try {
    await makeTemplate(superuser);
  } catch (error) {
    await end();
    throw error;
  }
  return { cluster: { directory: superuser.directory, superuser: superuser.user }, stop: end };
}

/** vitest globalSetup: one cluster for the whole run. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { cluster, stop } = await startCluster();
  project.provide('cluster', cluster);
  return stop;
}
