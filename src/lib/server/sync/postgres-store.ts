import postgres from 'postgres';
import type { WardId } from '$lib/domain/record/ids.ts';
import { databaseFault } from '../database/database-fault.ts';
import type { Database, Transaction } from '../database/pool.ts';
import { inTransaction } from '../database/transaction.ts';
import { historyReads } from './postgres-history-reads.ts';
import { identityReads, readEpochs } from './postgres-identity-reads.ts';
import { rowReads } from './postgres-row-reads.ts';
import { writeChanges } from './postgres-writes.ts';
import {
  type Contact,
  StoreBusy,
  StoreDataFault,
  type SyncStore,
  type WardChanges,
  type WardReader,
  type WardWriter,
} from './store.ts';

/** A writer that also lends its transaction: the office changes its own tables in the same commit. */
export interface PostgresWriter extends WardWriter {
  readonly tx: Transaction;
}

function readerOf(tx: Transaction, ward: WardId): WardReader {
  return { ...identityReads(tx, ward), ...rowReads(tx, ward), ...historyReads(tx, ward) };
}

/** Values that do not fit. A broken unique key is ours, not theirs: under the ward's lock nobody can have been first. */
const DATA_FAULT = /^(22...|23502|23514|54...)$/;

function isDataFault(error: unknown): boolean {
  return error instanceof postgres.PostgresError && DATA_FAULT.test(error.code);
}

async function sorted<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isDataFault(error)) throw new StoreDataFault(error);
    const fault = databaseFault(error);
    if (fault === 'busy' || fault === 'unreachable' || fault === 'full') throw new StoreBusy(error);
    throw error;
  }
}

/** Locks the ward's counter before anything is read: a lock taken at the end loses other writers' additions. */
async function lockWard(tx: Transaction, ward: WardId): Promise<void> {
  const locked = await tx`select 1 from ward_counter where ward_id = ${ward} for update`;
  if (locked.length === 0) throw new Error('this ward has no counter: it was never founded');
}

async function saveContact(tx: Transaction, ward: WardId, contact: Contact): Promise<void> {
  const at = new Date(contact.at);
  const { replica, person, device } = contact;
  const { unsent, skewMs, app } = contact.said;
  await tx`
    update replica set last_seen_at = ${at}, unsent = ${unsent}, skew_ms = ${skewMs}, app_version = ${app},
      previous_token_hash = case when ${contact.forgetPreviousToken} then null else previous_token_hash end
    where ward_id = ${ward} and replica_id = ${replica}`;
  if (contact.keys.length === 0) return;
  await tx`
    insert into data_key (ward_id, person_id, key_id, device_id, delivery_key_id, box, seen_at)
    select ${ward}, ${person}, k.key, ${device}, k."to", k.box, ${at}
    from jsonb_to_recordset(${JSON.stringify(contact.keys)}::text::jsonb) as k (key text, "to" text, box text)
    on conflict (ward_id, person_id, key_id) do update
    set delivery_key_id = excluded.delivery_key_id, box = excluded.box, seen_at = excluded.seen_at`;
}

/** The lock goes out together with the first reads, and is had before they are carried out. */
function writeWard<T>(
  database: Database,
  ward: WardId,
  work: (tx: PostgresWriter) => Promise<T>,
): Promise<T> {
  return inTransaction(database, { wards: [ward] }, async (tx) => {
    const locked = lockWard(tx, ward);
    const commit = (changes: WardChanges): Promise<void> => writeChanges(tx, ward, changes);
    const [value] = await Promise.all([work({ ...readerOf(tx, ward), tx, commit }), locked]);
    return value;
  });
}

/** The port on PostgreSQL. `write` lends its transaction to callers of this server (see office-door.ts). */
export interface PostgresStore extends SyncStore {
  write<T>(ward: WardId, work: (tx: PostgresWriter) => Promise<T>): Promise<T>;
}

export function postgresStore(database: Database): PostgresStore {
  const everywhere = <T>(work: (tx: Transaction) => Promise<T>): Promise<T> =>
    sorted(() => inTransaction(database, { wards: [] }, work));
  return {
    read: (ward, work) =>
      sorted(() =>
        inTransaction(database, { wards: [ward] }, (tx) => work(readerOf(tx, ward)), {
          snapshot: true,
          readOnly: true,
        }),
      ),
    write: (ward, work) => sorted(() => writeWard(database, ward, work)),
    epochs: () => everywhere((tx) => readEpochs(tx)),
    takeEpoch: async ({ after, id, why, at }) => {
      await everywhere(
        (tx) => tx`
          insert into epoch (epoch_id, began_at, place, why) values (${id}, ${new Date(at)}, ${after + 1}, ${why})
          on conflict (place) do nothing`,
      );
    },
    meetSigningKey: (keyId, at) =>
      everywhere(async (tx) => {
        const met = await tx<{ key_id: string }[]>`select key_id from signing_key`;
        if (met.some((row) => row.key_id === keyId)) return 'known';
        await tx`insert into signing_key (key_id, met_at) values (${keyId}, ${new Date(at)}) on conflict do nothing`;
        return met.length === 0 ? 'first' : 'strange';
      }),
    noteContact: (ward, contact) =>
      sorted(() => inTransaction(database, { wards: [ward] }, (tx) => saveContact(tx, ward, contact))),
    noteGap: async (ward, replica, seq, at) => {
      await sorted(() =>
        inTransaction(
          database,
          { wards: [ward] },
          (tx) => tx`
            update replica set gap_seq = ${seq}, gap_at = ${new Date(at)}
            where ward_id = ${ward} and replica_id = ${replica}`,
        ),
      );
    },
    makeOfficeReplica: async (ward, replica, at) => {
      await sorted(() =>
        inTransaction(
          database,
          { wards: [ward] },
          (tx) => tx`
            insert into replica (ward_id, replica_id, person_id, token_hash, kind, created_at)
            values (${ward}, ${replica}, '00000000-0000-0000-0000-000000000000', '', 'office', ${new Date(at)})
            on conflict do nothing`,
        ),
      );
    },
  };
}
