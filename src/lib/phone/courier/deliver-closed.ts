import { closeAccountDb } from '../store/open-account-db.ts';
import { unsentCount } from '../view/outbox-counts.ts';
import { browserWorld } from './browser-world.ts';
import { forAccount } from './start-courier.ts';

/**
 * Delivery with no page open (service worker, Background Sync): up and outcomes only, for every account on this phone,
 * one after the other, without any key. False: something still waits and should be tried again.
 */
export async function deliverClosed(app: string): Promise<boolean> {
  const world = browserWorld({ pullKey: () => null, tell: () => undefined, app });
  let done = true;
  for (const person of await world.accounts()) {
    const end = await forAccount(person, world);
    const db = await world.openDb(person);
    // Another tab at it, or a phone that waits for a person, is nothing to try again.
    if (end.is === 'failed' || (end.is === 'done' && (await unsentCount(db)) > 0)) done = false;
    closeAccountDb(db);
  }
  return done;
}
