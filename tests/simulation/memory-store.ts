import type { PersonId, ReplicaId, WardId } from '../../src/lib/domain/record/ids.ts';
import { type ConfirmedRow, rowKey } from '../../src/lib/domain/record/row.ts';
import {
  type Contact,
  type EpochRecord,
  type GrantRecord,
  type QuarantineEntry,
  type ReplicaRecord,
  StoreDataFault,
  type SyncStore,
  type WardChanges,
  type WardReader,
  type WardWriter,
} from '../../src/lib/server/sync/store.ts';
import type { WardPicture } from '../support/ward-picture.ts';
import { memoryPicture } from './memory-picture.ts';
import {
  copyWard,
  emptyWard,
  newestFirst,
  readerOf,
  recordsOf,
  seqName,
  type WardTables,
} from './memory-tables.ts';

/** The one write, on a copy that becomes the ward only when the whole transaction has gone well. */
function applyChanges(ward: WardTables, changes: WardChanges, unguarded: boolean): void {
  ward.version = changes.version;
  ward.marks.set(changes.version, changes.mark);
  for (const row of changes.rows) ward.rows.set(rowKey(row.kind, row.id), row);
  for (const entry of changes.buckets) ward.buckets.set(`${entry.bucket}|${entry.kind}/${entry.id}`, entry);
  for (const mutation of changes.mutations) {
    const name = seqName(mutation.replica, mutation.seq);
    if (ward.mutations.has(name) && !unguarded) throw new StoreDataFault(new Error('this seq is taken'));
    const others = recordsOf(ward, mutation.id);
    if (others.some((other) => other.person === mutation.person) && !unguarded)
      throw new StoreDataFault(new Error('this id is taken'));
    ward.mutations.set(name, { ...mutation, resettledVersion: null });
    ward.byId.set(mutation.id, [...(ward.byId.get(mutation.id) ?? []), name]);
  }
  for (const alias of changes.aliases) ward.aliases.set(seqName(alias.replica, alias.seq), alias);
  for (const change of changes.changed) changeMutation(ward, change, changes.version);
  for (const { kind, id, mutation } of changes.touched) {
    ward.touched.set(mutation, new Set([...(ward.touched.get(mutation) ?? []), rowKey(kind, id)]));
  }
  for (const entry of changes.quarantine)
    ward.quarantine.set(`${entry.id}|${entry.hash}|${entry.person}`, entry);
  for (const { resident, wrapped } of changes.residentKeys) ward.residentKeys.set(resident, wrapped);
  for (const { replica: id, lastSeq } of [...changes.replicas, ...changes.closed]) {
    const replica = ward.replicas.get(id);
    if (replica) ward.replicas.set(id, { ...replica, lastSeq });
  }
}

function changeMutation(ward: WardTables, change: WardChanges['changed'][number], version: number): void {
  for (const name of ward.byId.get(change.id) ?? []) {
    const record = ward.mutations.get(name);
    if (record?.person !== change.person) continue;
    const { judged } = change;
    ward.mutations.set(name, {
      ...record,
      ...(judged && {
        outcome: judged.outcome,
        commit: judged.commit,
        kind: judged.kind,
        hash: judged.hash ?? record.hash,
      }),
      plain: judged?.plain ?? record.plain,
      mendedBy: change.mendedBy ?? record.mendedBy,
      resettledVersion: judged ? version : record.resettledVersion,
    });
  }
}

/** A moment of the whole store: what a backup holds. */
export interface MemoryBackup {
  readonly wards: ReadonlyMap<WardId, WardTables>;
  readonly epochs: readonly EpochRecord[];
  readonly signingKeys: readonly string[];
}

/**
 * The port in memory, for the simulator's long runs: serialised per ward, all or nothing, readers see one moment. Its
 * tables can be copied (a backup) and put back (a restore) in no time.
 */
export class MemoryStore implements SyncStore {
  #wards = new Map<WardId, WardTables>();
  #epochs: readonly EpochRecord[] = [];
  #signingKeys: string[] = [];
  readonly #readers = new WeakMap<
    WardTables,
    { readonly epochs: readonly EpochRecord[]; readonly reader: WardReader }
  >();
  readonly #queues = new Map<WardId, Promise<unknown>>();
  /** Set by tests: the write of these changes fails on its data. */
  refuses: (changes: WardChanges) => boolean = () => false;

  /** Set by the simulator's planted defect: the tables' unique keys are not there. */
  unguarded = false;

  foundWard(ward: WardId): void {
    this.#wards.set(ward, emptyWard());
  }

  /** For the door's tables, which belong to others: replicas and grants. */
  setReplica(ward: WardId, replica: ReplicaRecord): Promise<void> {
    return this.#change(ward, ({ replicas }) => {
      replicas.set(replica.replica, replica);
    });
  }

  setGrants(ward: WardId, person: PersonId, grants: readonly GrantRecord[]): Promise<void> {
    return this.#change(ward, (tables) => {
      tables.grants.set(person, grants);
    });
  }

  backup(): MemoryBackup {
    return { wards: new Map(this.#wards), epochs: this.#epochs, signingKeys: [...this.#signingKeys] };
  }

  restore(backup: MemoryBackup): void {
    this.#wards = new Map(backup.wards);
    this.#epochs = backup.epochs;
    this.#signingKeys = [...backup.signingKeys];
  }

  /** All rows of a ward, for comparing with what phones hold. */
  rowsOf(ward: WardId): readonly ConfirmedRow[] {
    return [...this.#ward(ward).rows.values()];
  }

  quarantineOf(ward: WardId): readonly QuarantineEntry[] {
    return [...this.#ward(ward).quarantine.values()];
  }

  pictureOf(ward: WardId): WardPicture {
    return memoryPicture(this.#ward(ward), this.#epochs, this.#signingKeys);
  }

  #ward(id: WardId): WardTables {
    const ward = this.#wards.get(id);
    if (!ward) throw new Error('this ward has no counter: it was never founded');
    return ward;
  }

  async read<T>(ward: WardId, work: (tx: WardReader) => Promise<T>): Promise<T> {
    // Tables that stand are never changed, only replaced: this moment needs no copy.
    return work(this.#reader(this.#wards.get(ward) ?? emptyWard()));
  }

  /** One for each moment of the tables, however often they are read. */
  #reader(tables: WardTables): WardReader {
    const known = this.#readers.get(tables);
    if (known?.epochs === this.#epochs) return known.reader;
    const reader = readerOf(tables, this.#epochs);
    this.#readers.set(tables, { epochs: this.#epochs, reader });
    return reader;
  }

  async write<T>(ward: WardId, work: (tx: WardWriter) => Promise<T>): Promise<T> {
    return this.#inTurn(ward, () => this.#alone(ward, work));
  }

  #inTurn<T>(ward: WardId, work: () => Promise<T>): Promise<T> {
    const turn = (this.#queues.get(ward) ?? Promise.resolve()).then(work);
    this.#queues.set(
      ward,
      turn.catch(() => undefined),
    );
    return turn;
  }

  /** Of replicas, grants and keys. Tables that stand are never changed, only replaced. */
  #change(ward: WardId, work: (tables: WardTables) => void): Promise<void> {
    return this.#inTurn(ward, () => {
      const standing = this.#ward(ward);
      const { replicas, grants, dataKeys } = standing;
      const tables = {
        ...standing,
        replicas: new Map(replicas),
        grants: new Map(grants),
        dataKeys: new Map(dataKeys),
      };
      work(tables);
      this.#wards.set(ward, tables);
      return Promise.resolve();
    });
  }

  async #alone<T>(id: WardId, work: (tx: WardWriter) => Promise<T>): Promise<T> {
    // Most of what asks for the lock finds that it has nothing to write: the copy is made at the commit.
    const draft = { ...this.#ward(id) };
    const commit = async (changes: WardChanges): Promise<void> => {
      if (this.refuses(changes)) throw new StoreDataFault(new Error('planted'));
      Object.assign(draft, copyWard(draft));
      applyChanges(draft, changes, this.unguarded);
    };
    const result = await work({ ...readerOf(draft, this.#epochs), commit });
    this.#wards.set(id, draft);
    return result;
  }

  async epochs(): Promise<readonly EpochRecord[]> {
    return newestFirst(this.#epochs);
  }

  async takeEpoch(given: { after: number; id: string; why: string; at: number }): Promise<void> {
    if (this.#epochs.some((epoch) => epoch.place === given.after + 1)) return;
    this.#epochs = [...this.#epochs, { id: given.id, place: given.after + 1, beganAt: given.at }];
  }

  async meetSigningKey(keyId: string): Promise<'first' | 'known' | 'strange'> {
    if (this.#signingKeys.includes(keyId)) return 'known';
    this.#signingKeys.push(keyId);
    return this.#signingKeys.length === 1 ? 'first' : 'strange';
  }

  async noteContact(ward: WardId, contact: Contact): Promise<void> {
    return this.#change(ward, (tables) => {
      const replica = tables.replicas.get(contact.replica);
      if (!replica) return;
      const previousTokenHash = contact.forgetPreviousToken ? null : replica.previousTokenHash;
      tables.replicas.set(contact.replica, {
        ...replica,
        previousTokenHash,
        lastSeenAt: contact.at,
        said: contact.said,
      });
      for (const key of contact.keys) {
        tables.dataKeys.set(`${contact.person}|${key.key}`, {
          ...key,
          person: contact.person,
          device: contact.device,
        });
      }
    });
  }

  async noteGap(ward: WardId, replica: ReplicaId, seq: number): Promise<void> {
    return this.#change(ward, ({ replicas }) => {
      const standing = replicas.get(replica);
      if (standing) replicas.set(replica, { ...standing, gapSeq: seq });
    });
  }

  async makeOfficeReplica(ward: WardId, replica: ReplicaId): Promise<void> {
    return this.#change(ward, (tables) => {
      if (tables.office !== null) return;
      tables.office = replica;
      tables.replicas.set(replica, {
        replica,
        person: '00000000-0000-0000-0000-000000000000' as PersonId,
        device: null,
        tokenHash: '',
        previousTokenHash: null,
        lastSeq: 0,
        revoked: false,
        lastSeenAt: null,
        said: { unsent: null, skewMs: null, app: null },
        gapSeq: null,
      });
    });
  }
}
