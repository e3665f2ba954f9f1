import Dexie, { type DexieOptions, type Table } from 'dexie';
import type {
  AsideRow,
  MetaRecord,
  OutboxEntry,
  StoredBucket,
  StoredDraft,
  StoredKey,
  StoredPack,
  StoredRow,
} from './stored.ts';

/**
 * The version of the code that writes an account's database. Raised with every change of stored shapes, together with a
 * numbered schema below; an older tab that is still open may then only read (`code-guard.ts`).
 */
export const CODE_VERSION = 1;

/** Numbered schemas, all of them for ever. An upgrade moves plain records only: it never needs the vault. */
const SCHEMAS: readonly { readonly version: number; readonly stores: Readonly<Record<string, string>> }[] = [
  {
    version: 1,
    stores: {
      meta: 'name',
      rows: 'key, [kind+day+id], parent, *buckets',
      outbox: 'id, &place, &[replica+seq], *rows, phase, replay, ackedAt',
      buckets: 'bucket',
      aside: 'key, bucket',
      keys: 'key',
      drafts: 'id',
      packs: 'name',
    },
  },
];

/** One connection to an account's database. There are two: see `open-account-db.ts`. */
export class AccountTables extends Dexie {
  declare readonly meta: Table<MetaRecord, string>;
  declare readonly rows: Table<StoredRow, string>;
  declare readonly outbox: Table<OutboxEntry, string>;
  declare readonly buckets: Table<StoredBucket, string>;
  declare readonly aside: Table<AsideRow, string>;
  declare readonly keys: Table<StoredKey, string>;
  declare readonly drafts: Table<StoredDraft, string>;
  declare readonly packs: Table<StoredPack, string>;
  /** Another tab has deleted the database: it is not opened again from here. */
  deleted = false;

  constructor(name: string, options: DexieOptions) {
    super(name, options);
    for (const { version, stores } of SCHEMAS) this.version(version).stores(stores);
    // To an upgrade by another tab Dexie gives way and comes back to read (`code-guard.ts` stops it from writing). A
    // deleted database it would make anew, and empty: there nothing is opened again.
    this.on('versionchange', ({ newVersion }) => {
      if (newVersion !== null) return true;
      this.deleted = true;
      this.close();
      return false;
    });
  }
}
