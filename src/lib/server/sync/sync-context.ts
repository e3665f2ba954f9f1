import type { AppContext } from '../app-context.ts';
import { registerPath, replayRegister } from '../backup/revocation-register.ts';
import { meetEpoch } from './epochs.ts';
import type { OfficeWorld } from './office-door.ts';
import { postgresStore } from './postgres-store.ts';
import type { RoundWorld } from './round-call.ts';

type Ground = Pick<AppContext, 'settings' | 'database' | 'keys' | 'clock' | 'random'>;

const opened = new WeakMap<object, Promise<RoundWorld & OfficeWorld>>();

async function open({ settings, database, keys, clock, random }: Ground): Promise<RoundWorld & OfficeWorld> {
  const onRestoreProved = () => replayRegister(database, registerPath(settings.dataDir));
  const world = { store: postgresStore(database), keys, clock, random, onRestoreProved };
  await meetEpoch(world);
  return world;
}

/**
 * What rounds and the office's door need, made once a process. The first call meets the epoch: nothing is answered
 * before that. A failure is not remembered, so that a database that was away at the start is met at the next request.
 */
export function syncContext(context: Ground): Promise<RoundWorld & OfficeWorld> {
  const known = opened.get(context.database);
  if (known !== undefined) return known;
  const opening = open(context).catch((error: unknown) => {
    opened.delete(context.database);
    throw error;
  });
  opened.set(context.database, opening);
  return opening;
}
