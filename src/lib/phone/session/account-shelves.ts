import type { PersonId } from '../../domain/record/ids.ts';
import { forkReplica } from '../store/fork-replica.ts';
import { NO_CONTACT, readMeta, writeMeta } from '../store/meta.ts';
import { type AccountDb, closeAccountDb, type IdbPort, openAccountDb } from '../store/open-account-db.ts';
import type { AccountSetUp, AccountShelf, AccountShelves } from '../vault/account-shelf.ts';

/** The databases of the accounts, each opened once a page and kept. */
export interface OpenDatabases {
  of(person: PersonId): Promise<AccountDb>;
  /** Closes and deletes: only after a revoked phone's unsent records have been taken by the server. */
  drop(person: PersonId): Promise<void>;
}

export function openDatabases(idb?: IdbPort): OpenDatabases {
  const open = new Map<PersonId, Promise<AccountDb>>();
  return {
    of: (person) => {
      const standing = open.get(person);
      if (standing) return standing;
      const opening = openAccountDb(person, idb);
      open.set(person, opening);
      opening.catch(() => open.delete(person));
      return opening;
    },
    drop: async (person) => {
      const db = await (open.get(person) ?? openAccountDb(person, idb));
      open.delete(person);
      closeAccountDb(db);
      await db.strict.delete();
    },
  };
}

function shelfOf(open: () => Promise<AccountDb>): AccountShelf {
  return {
    deliveryKey: async () => (await readMeta((await open()).strict, 'deliveryKey')) ?? null,
    envelopes: async () => (await open()).strict.keys.toArray(),
    putEnvelopes: async (envelopes) => {
      await (await open()).strict.keys.bulkPut([...envelopes]);
    },
  };
}

/**
 * Makes the account's database ready, or gives the one that stands a new replica and token, in one transaction. Asked
 * twice with the same replica it changes nothing that has been saved since.
 */
async function setUp(db: AccountDb, wanted: AccountSetUp): Promise<void> {
  const tables = db.strict;
  await tables.transaction('rw', [tables.meta, tables.outbox, tables.keys], async () => {
    const { account, replica, deliveryToken, deliveryKey, epoch, envelopes } = wanted;
    const standing = await readMeta(tables, 'replica');
    if (standing?.id === replica) await writeMeta(tables, 'replica', { ...standing, token: deliveryToken });
    else await forkReplica(tables, replica, deliveryToken);
    await writeMeta(tables, 'account', account);
    await writeMeta(tables, 'deliveryKey', deliveryKey);
    await writeMeta(tables, 'contact', NO_CONTACT);
    if ((await readMeta(tables, 'epoch')) === undefined) {
      await writeMeta(tables, 'epoch', { id: epoch, left: [], receipt: null, changedAt: 0 });
    }
    await tables.keys.bulkPut([...envelopes]);
  });
}

export function accountShelves(databases: OpenDatabases): AccountShelves {
  return {
    shelf: (person) => shelfOf(() => databases.of(person)),
    setUp: async (wanted) => setUp(await databases.of(wanted.account.person), wanted),
  };
}
