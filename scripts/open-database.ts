import { join } from 'node:path';
import { databaseFault } from '../src/lib/server/database/database-fault.ts';
import { startEmbeddedPostgres } from '../src/lib/server/database/embedded-postgres.ts';
import { migrate, type MigrateError } from '../src/lib/server/database/migrate.ts';
import type { ConnectTarget } from '../src/lib/server/database/pool.ts';
import { runningCluster } from '../src/lib/server/database/running-cluster.ts';
import type { Settings } from '../src/lib/server/settings/settings.ts';
import { databaseErrors } from './operator-messages.mjs';
import { OperatorStop } from './operator-stop.ts';

/** A migrated database, and how to let go of it. */
export interface OpenedDatabase {
  readonly web: ConnectTarget;
  readonly owner: ConnectTarget;
  /** Only the embedded server has one; restore needs it. */
  readonly superuser: ConnectTarget | null;
  /** For the operator, without user or password. */
  readonly place: string;
  readonly stop: () => Promise<void>;
}

function stopWith(kind: string, detail: string): OperatorStop {
  return new OperatorStop(databaseErrors[kind]?.(detail) ?? `${kind}: ${detail}`);
}

function migrateMessage(error: MigrateError): OperatorStop {
  if (error.kind === 'newer_database') return stopWith(error.kind, `${error.database} > ${error.files}`);
  return stopWith(error.kind, error.detail);
}

async function connect(settings: Settings, onLost: (detail: string) => void): Promise<OpenedDatabase> {
  if (settings.database.kind === 'url') {
    const target: ConnectTarget = { kind: 'url', url: settings.database.url };
    const { host, pathname } = new URL(settings.database.url);
    return {
      web: target,
      owner: target,
      superuser: null,
      place: `${host}${pathname}`,
      stop: () => Promise.resolve(),
    };
  }
  const started = await startEmbeddedPostgres({ dataDir: settings.dataDir, onLost });
  if (!started.ok) {
    const { error } = started;
    throw stopWith(error.kind, error.kind === 'already_running' ? String(error.pid) : error.detail);
  }
  const { web, owner, superuser, stop } = started.value;
  return { web, owner, superuser, place: settings.dataDir, stop };
}

/** The database of a ward that is being served right now, if there is one: looked into, never migrated or stopped. */
export function openRunning(settings: Settings): OpenedDatabase | null {
  if (settings.database.kind !== 'embedded') return null;
  const found = runningCluster(settings.dataDir);
  return found && { ...found, place: settings.dataDir, stop: () => Promise.resolve() };
}

/** Starts or reaches the database and brings it to this release's schema. */
export async function openMigrated(
  settings: Settings,
  root: string,
  onLost: (detail: string) => void = () => undefined,
): Promise<OpenedDatabase> {
  const database = await connect(settings, onLost);
  try {
    const migrated = await migrate(database.owner, join(root, 'migrations'));
    if (!migrated.ok) throw migrateMessage(migrated.error);
    return database;
  } catch (error) {
    await database.stop();
    throw databaseFault(error) === 'unreachable' ? stopWith('unreachable', '') : error;
  }
}
