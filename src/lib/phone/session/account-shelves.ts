import type { PersonId } from '../../domain/record/ids.ts';
import { closeForGood } from '../store/close-for-good.ts';
import { readMeta } from '../store/meta.ts';
import {
  type AccountDb,
  deleteAccountDb,
  type IdbPort,
  isDeleted,
  openAccountDb,
} from '../store/open-account-db.ts';
import type { AccountShelf, AccountShelves } from '../vault/account-shelf.ts';

/** The databases of the accounts, each opened once a page and kept. */
export interface OpenDatabases {
  /** One that was deleted meanwhile stays so: who only looks must not make an empty one. */
  of(person: PersonId): Promise<AccountDb>;
  /** For somebody who is on this phone: made where it is not there. */
  anew(person: PersonId): Promise<AccountDb>;
  /** Of a revoked phone; false: something must be sent first. */
  closeForGood(person: PersonId): Promise<boolean>;
  /** Closes and deletes: only after `closeForGood`. */
  drop(person: PersonId): Promise<void>;
}

export function openDatabases(idb?: IdbPort): OpenDatabases {
  const open = new Map<PersonId, Promise<AccountDb>>();
  const make = (person: PersonId): Promise<AccountDb> => {
    const opening = openAccountDb(person, idb);
    open.set(person, opening);
    opening.catch(() => open.delete(person));
    return opening;
  };
  const of = (person: PersonId): Promise<AccountDb> => open.get(person) ?? make(person);
  return {
    of,
    anew: async (person) => {
      const standing = await of(person);
      return isDeleted(standing) ? make(person) : standing;
    },
    closeForGood: async (person) => closeForGood((await of(person)).strict),
    drop: async (person) => deleteAccountDb(await of(person)),
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

export function accountShelves(databases: Pick<OpenDatabases, 'of' | 'anew'>): AccountShelves {
  return {
    shelf: (person) => shelfOf(() => databases.of(person)),
    setUp: async (wanted) => {
      const { setUpAccount } = await import('./set-up-account.ts');
      await setUpAccount(await databases.anew(wanted.account.person), wanted);
    },
  };
}
