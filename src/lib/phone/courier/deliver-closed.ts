import type { PersonId } from '../../domain/record/ids.ts';
import { accountsWithDb, closeAccountDb, openAccountDb } from '../store/open-account-db.ts';
import { browserWorld } from './browser-world.ts';
import { deliver } from './deliver.ts';

async function deliverOne(person: PersonId): Promise<boolean> {
  const db = await openAccountDb(person);
  try {
    const world = browserWorld({ pullKey: () => null, tell: () => undefined });
    const end = await deliver({ db, world });
    return end.is !== 'failed';
  } finally {
    closeAccountDb(db);
  }
}

/**
 * With no page open: delivers for every account on this phone, one after the other, without any key. False: something
 * still waits and should be tried again. Another tab at it, or a phone that waits for a person, is nothing to try again.
 */
export async function deliverClosed(): Promise<boolean> {
  const people = await accountsWithDb(indexedDB);
  let done = true;
  for (const person of people) done = (await deliverOne(person).catch(() => false)) && done;
  return done;
}
