import { accountDbName } from '$lib/phone/store/open-account-db.ts';
import type {
  MetaName,
  MetaRecord,
  MetaShapes,
  OutboxEntry,
  StoredBucket,
  StoredRow,
} from '$lib/phone/store/stored.ts';
import type { SimPhone } from './sim-phone.ts';

/** The parts of fake-indexeddb that hold what is stored. */
interface RawDatabase {
  readonly transactions: readonly { readonly _state: string }[];
  readonly rawObjectStores: ReadonlyMap<
    string,
    { readonly records: { values(): Iterable<{ readonly value: unknown }> } }
  >;
}

/**
 * What a phone's database holds at this moment, read past Dexie and without copies: checkers look after every step, and
 * a record that is still the same object has not been written since. Nothing in it may be changed.
 */
export interface Peeked {
  readonly rows: readonly StoredRow[];
  readonly entries: readonly OutboxEntry[];
  readonly buckets: readonly StoredBucket[];
  readonly meta: <N extends MetaName>(name: N) => MetaShapes[N] | undefined;
  /** Whether every record of these tables is the one that stood in the other look. */
  isSame(other: Peeked | undefined): boolean;
}

/** Looks when no transaction is open any more: what was not committed is not there. */
export async function peek(phone: SimPhone): Promise<Peeked> {
  const factory = phone.browser.idb.indexedDB as unknown as { _databases: ReadonlyMap<string, RawDatabase> };
  const raw = factory._databases.get(accountDbName(phone.person));
  if (raw === undefined) throw new Error(`${phone.name} has no database`);
  for (let turn = 0; raw.transactions.some(({ _state }) => _state !== 'finished'); turn++) {
    if (turn > 1000) throw new Error(`${phone.name}: a transaction never ends`);
    await new Promise((resolve) => setImmediate(resolve));
  }
  const all = (store: string): readonly unknown[] =>
    Array.from(raw.rawObjectStores.get(store)?.records.values() ?? [], ({ value }) => value);
  const meta = all('meta') as readonly MetaRecord[];
  const peeked = {
    rows: all('rows') as readonly StoredRow[],
    entries: all('outbox') as readonly OutboxEntry[],
    buckets: all('buckets') as readonly StoredBucket[],
  };
  return {
    ...peeked,
    meta: (name) => meta.find((record) => record.name === name)?.value as never,
    isSame: (other) =>
      other !== undefined &&
      sameRecords(peeked.rows, other.rows) &&
      sameRecords(peeked.entries, other.entries) &&
      sameRecords(peeked.buckets, other.buckets),
  };
}

function sameRecords(a: readonly object[], b: readonly object[]): boolean {
  return a.length === b.length && a.every((record, at) => record === b[at]);
}
