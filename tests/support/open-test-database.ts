import { randomBytes } from 'node:crypto';
import {
  openDatabase,
  OWNER_ROLE,
  WEB_ROLE,
  type ConnectTarget,
  type Database,
} from '../../src/lib/server/database/pool.ts';
import { TEMPLATE, type TestCluster } from './database-cluster.ts';

export interface TestDatabase {
  /** As the application sees it: use through inTransaction only. */
  readonly web: Database;
  /** Owner of the tables, for planting faults and looking behind row-level security is superuser's work. */
  readonly owner: Database;
  /** Sees everything: for independent checks of what is really stored. */
  readonly superuser: Database;
  readonly targets: {
    readonly web: ConnectTarget;
    readonly owner: ConnectTarget;
    readonly superuser: ConnectTarget;
  };
  /** Disconnects everybody and removes the database. */
  drop(): Promise<void>;
}

/** A fresh database in this cluster, of our schema or (`migrated: false`) without our tables. */
export async function openTestDatabase(cluster: TestCluster, migrated = true): Promise<TestDatabase> {
  const name = `t_${randomBytes(6).toString('hex')}`;
  const at = (user: string, database = name): ConnectTarget => ({
    kind: 'socket',
    directory: cluster.directory,
    user,
    database,
  });
  const asAdmin = async (sql: string): Promise<void> => {
    const admin = openDatabase(at(cluster.superuser, 'postgres'), 1);
    await admin.pool.unsafe(sql);
    await admin.close();
  };
  const template = migrated ? TEMPLATE : 'template1';
  await asAdmin(`create database ${name} template ${template} owner ${OWNER_ROLE} strategy file_copy`);
  const targets = { web: at(WEB_ROLE), owner: at(OWNER_ROLE), superuser: at(cluster.superuser) };
  const open = {
    web: openDatabase(targets.web),
    owner: openDatabase(targets.owner, 3),
    superuser: openDatabase(targets.superuser, 3),
  };
  const drop = async (): Promise<void> => {
    await Promise.all(Object.values(open).map((database) => database.close()));
    await asAdmin(`drop database if exists ${name} with (force)`);
  };
  return { ...open, targets, drop };
}
