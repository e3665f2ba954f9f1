import type { AppContext } from '../app-context.ts';
import { meetEpoch } from './epochs.ts';
import type { OfficeWorld } from './office-door.ts';
import { postgresStore } from './postgres-store.ts';

type Ground = Pick<AppContext, 'database' | 'keys' | 'clock' | 'random'>;

const opened = new WeakMap<object, Promise<OfficeWorld>>();

async function open({ database, keys, clock, random }: Ground): Promise<OfficeWorld> {
  const world = { store: postgresStore(database), keys, clock, random };
  await meetEpoch(world);
  return world;
}

/**
 * What rounds and the office's door need, made once a process. The first call meets the epoch: nothing is answered
 * before that. A failure is not remembered, so that a database that was away at the start is met at the next request.
 */
export function syncContext(context: Ground): Promise<OfficeWorld> {
  const known = opened.get(context.database);
  if (known !== undefined) return known;
  const opening = open(context).catch((error: unknown) => {
    opened.delete(context.database);
    throw error;
  });
  opened.set(context.database, opening);
  return opening;
}
