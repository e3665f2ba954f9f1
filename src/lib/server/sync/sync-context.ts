import { join } from 'node:path';
import type { AppContext } from '../app-context.ts';
import { openKeyFiles } from '../keys/key-files.ts';
import { serverKeys, type ServerKeys } from '../keys/server-keys.ts';
import { meetEpoch } from './epochs.ts';
import type { OfficeWorld } from './office-door.ts';
import { postgresStore } from './postgres-store.ts';

/** Everything that rounds and the office's door need, opened once a process. */
export interface SyncContext extends OfficeWorld {
  readonly keys: ServerKeys;
}

const opened = new WeakMap<AppContext, Promise<SyncContext>>();

async function open(context: AppContext): Promise<SyncContext> {
  const { clock, random } = context;
  const ring = await openKeyFiles(join(context.settings.dataDir, 'keys'), clock, random);
  const world = { store: postgresStore(context.database), keys: serverKeys(ring, random), clock, random };
  await meetEpoch(world);
  return world;
}

/**
 * The process's sync context. The first call opens the key files and meets the epoch: nothing is answered before that.
 * A failure is not remembered, so that a database that was away at the start is met at the next request.
 */
export function syncContext(context: AppContext): Promise<SyncContext> {
  const known = opened.get(context);
  if (known !== undefined) return known;
  const opening = open(context).catch((error: unknown) => {
    opened.delete(context);
    throw error;
  });
  opened.set(context, opening);
  return opening;
}
