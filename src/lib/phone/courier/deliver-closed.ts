import type { PersonId } from '../../domain/record/ids.ts';
import { closeAccountDb } from '../store/open-account-db.ts';
import { unsentCount } from '../view/outbox-counts.ts';
import { browserWorld, type PhoneWorld } from './browser-world.ts';
import { forAccount } from './start-courier.ts';

/**
 * Delivery with no page open (service worker, Background Sync): up and outcomes only, for every account on this phone,
 * one after the other, without any key. False: something still waits and should be tried again.
 */
export function deliverClosed(app: string): Promise<boolean> {
  return deliverAll(browserWorld({ pullKey: () => null, tell: () => undefined, app }));
}

/** Every account gets its turn, whatever became of the one before it. */
export async function deliverAll(world: PhoneWorld): Promise<boolean> {
  let done = true;
  for (const person of await world.accounts()) {
    // One whose storage cannot be opened holds nobody up; its own work still waits.
    const settled = await deliverOne(person, world).catch(() => false);
    done &&= settled;
  }
  return done;
}

async function deliverOne(person: PersonId, world: PhoneWorld): Promise<boolean> {
  const end = await forAccount(person, world);
  const db = await world.openDb(person);
  try {
    // Another tab at it, or a phone that waits for a person, is nothing to try again.
    return end.is !== 'failed' && (end.is !== 'done' || (await unsentCount(db)) === 0);
  } finally {
    closeAccountDb(db);
  }
}
