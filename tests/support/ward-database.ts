import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DATABASE } from '../../src/lib/server/database/cluster-roles.ts';
import { CLUSTER_NAME } from '../../src/lib/server/database/embedded-postgres.ts';
import { type Database, openDatabase } from '../../src/lib/server/database/pool.ts';
import { runningCluster } from '../../src/lib/server/database/running-cluster.ts';

/** The tables of a running ward, read past the application and its row-level security. */
export function openWardDatabase(dataDir: string): Database {
  const found = runningCluster(dataDir);
  if (found === null || found.superuser.kind !== 'socket') throw new Error('no database runs there');
  return openDatabase({ ...found.superuser, database: DATABASE }, 2);
}

/** The process that all of this ward's PostgreSQL descends from. */
export function postmasterPid(dataDir: string): number {
  return Number(readFileSync(join(dataDir, CLUSTER_NAME, 'postmaster.pid'), 'utf8').split('\n')[0]);
}
