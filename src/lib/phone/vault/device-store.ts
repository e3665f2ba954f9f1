import Dexie, { type Table } from 'dexie';
import type { DeviceId, PersonId, ReplicaId } from '../../domain/record/ids.ts';
import type { Account } from '../../protocol/enrol.ts';
import type { Instant } from '../../kernel/clock.ts';
import type { VaultRecord } from './vault-record.ts';

/** An account on this phone, as it is known while locked: who to greet, whose PIN to ask for. */
export interface AccountRecord {
  readonly person: PersonId;
  readonly account: Account;
  readonly addedAt: Instant;
  readonly usedAt: Instant;
  /** Signed out: not offered first, its unsent records are still delivered. */
  readonly signedOut: boolean;
}

/** What is made and stored before a code is redeemed, so that a lost answer or a reload asks the same question again. */
export interface PendingEnrolment {
  readonly code: string;
  readonly nonce: string;
  readonly replica: ReplicaId;
  readonly publicKey: string;
  /** The device's private key under `wrap`: never in the open, gone when the enrolment is finished. */
  readonly sealedSigner: string;
  /** AES-GCM, non-extractable. */
  readonly wrap: CryptoKey;
  readonly startedAt: Instant;
}

/** Facts of the phone itself. */
export interface DeviceFacts {
  readonly device: DeviceId;
  readonly pending: PendingEnrolment;
  /** The account in front. */
  readonly front: PersonId;
  /** What the browser answered to "keep this data": asked once, after the first save. */
  readonly persist: 'granted' | 'refused' | 'unknown';
}

/** Storage of what belongs to the phone and not to one account. Every write is durable before it resolves. */
export interface DeviceStore {
  fact<K extends keyof DeviceFacts>(name: K): Promise<DeviceFacts[K] | null>;
  putFact<K extends keyof DeviceFacts>(name: K, value: DeviceFacts[K]): Promise<void>;
  dropFact(name: keyof DeviceFacts): Promise<void>;
  accounts(): Promise<readonly AccountRecord[]>;
  putAccount(record: AccountRecord): Promise<void>;
  vault(person: PersonId): Promise<VaultRecord | null>;
  vaults(): Promise<readonly VaultRecord[]>;
  putVault(record: VaultRecord): Promise<void>;
  /** Changes a vault in one transaction, so that two tabs never undo each other. Null: there is none. */
  changeVault(person: PersonId, change: (record: VaultRecord) => VaultRecord): Promise<VaultRecord | null>;
  /** Account, vault and the end of the pending enrolment in one step. */
  enrol(account: AccountRecord, vault: VaultRecord): Promise<void>;
  /** Revoked: the keys go; the account's own database is dropped by its owner. */
  forget(person: PersonId): Promise<void>;
  close(): void;
}

interface FactRow {
  readonly name: keyof DeviceFacts;
  readonly value: unknown;
}

class DeviceDatabase extends Dexie {
  declare readonly facts: Table<FactRow, string>;
  declare readonly accounts: Table<AccountRecord, string>;
  declare readonly vaults: Table<VaultRecord, string>;

  constructor(name: string) {
    super(name, { chromeTransactionDurability: 'strict' });
    this.version(1).stores({ facts: 'name', accounts: 'person', vaults: 'person' });
  }
}

export function openDeviceStore(name = 'xks-device'): DeviceStore {
  const db = new DeviceDatabase(name);
  return {
    fact: async <K extends keyof DeviceFacts>(key: K) => {
      const row = await db.facts.get(key);
      return row ? (row.value as DeviceFacts[K]) : null;
    },
    putFact: async (key, value) => void (await db.facts.put({ name: key, value })),
    dropFact: (key) => db.facts.delete(key),
    accounts: async () => (await db.accounts.toArray()).sort((a, b) => b.usedAt - a.usedAt),
    putAccount: async (record) => void (await db.accounts.put(record)),
    vault: async (person) => (await db.vaults.get(person)) ?? null,
    vaults: () => db.vaults.toArray(),
    putVault: async (record) => void (await db.vaults.put(record)),
    changeVault: (person, change) =>
      db.transaction('rw', db.vaults, async () => {
        const record = await db.vaults.get(person);
        if (!record) return null;
        const next = change(record);
        if (next !== record) await db.vaults.put(next);
        return next;
      }),
    enrol: (account, vault) =>
      db.transaction('rw', db.facts, db.accounts, db.vaults, async () => {
        await db.accounts.put(account);
        await db.vaults.put(vault);
        await db.facts.put({ name: 'front', value: account.person });
        await db.facts.delete('pending');
      }),
    forget: (person) =>
      db.transaction('rw', db.facts, db.accounts, db.vaults, async () => {
        await db.vaults.delete(person);
        await db.accounts.delete(person);
        const front = await db.facts.get('front');
        if (front?.value === person) await db.facts.delete('front');
      }),
    close: () => db.close(),
  };
}
