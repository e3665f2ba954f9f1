import { join } from 'node:path';
import { DATABASE, SUPERUSER } from './cluster-roles.ts';
import { CLUSTER_NAME } from './embedded-postgres.ts';
import { OWNER_ROLE, WEB_ROLE, type ConnectTarget } from './pool.ts';
import { runningSocket } from './postmaster.ts';

/** Ways into the embedded server that another process of ours has started: for backup and admin beside a running ward. */
export function runningCluster(
  dataDir: string,
): { readonly owner: ConnectTarget; readonly web: ConnectTarget; readonly superuser: ConnectTarget } | null {
  const directory = runningSocket(join(dataDir, CLUSTER_NAME));
  if (directory === null) return null;
  const target = (user: string, database: string): ConnectTarget => ({
    kind: 'socket',
    directory,
    user,
    database,
  });
  return {
    owner: target(OWNER_ROLE, DATABASE),
    web: target(WEB_ROLE, DATABASE),
    superuser: target(SUPERUSER, 'postgres'),
  };
}
