import type { DeviceId, PersonId, ReplicaId } from '../../domain/record/ids.ts';
import type { Instant } from '../../kernel/clock.ts';
import type { Account } from '../../protocol/enrol.ts';
import { AccountsDb, type DeviceValue, type KnownAccount } from '../store/accounts-db.ts';
import type { IdbPort } from '../store/open-account-db.ts';
import type { VaultRecord } from './vault-record.ts';

/** An account on this phone, as it is known while locked: who to greet, whose PIN to ask for. */
export interface AccountRecord extends KnownAccount {
  /** As the server told it last. */
  readonly account: Account;
  readonly addedAt: Instant;
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

const vaultName = (person: string): string => `vault:${person}`;

async function valueOf(db: AccountsDb, name: string): Promise<unknown> {
  return (await db.device.get(name))?.value ?? null;
}

function entry(name: string, value: unknown): DeviceValue {
  return { name, value };
}

/** The phone's own store in `xks.device`. What is read back is what was put: the names are this file's alone. */
export function openDeviceStore(idb?: IdbPort): DeviceStore {
  const db = new AccountsDb(idb);
  const all = async (): Promise<AccountRecord[]> => (await db.accounts.toArray()) as AccountRecord[];
  return {
    fact: async <K extends keyof DeviceFacts>(name: K) => (await valueOf(db, name)) as DeviceFacts[K] | null,
    putFact: async (name, value) => {
      await db.device.put(entry(name, value));
    },
    dropFact: (name) => db.device.delete(name),
    accounts: async () => (await all()).sort((a, b) => b.lastUsedAt - a.lastUsedAt),
    putAccount: async (record) => {
      await db.accounts.put(record);
    },
    vault: async (person) => (await valueOf(db, vaultName(person))) as VaultRecord | null,
    vaults: async () =>
      (await db.device.where('name').startsWith(vaultName('')).toArray()).map(
        ({ value }) => value as VaultRecord,
      ),
    putVault: async (record) => {
      await db.device.put(entry(vaultName(record.person), record));
    },
    changeVault: (person, change) =>
      db.transaction('rw', db.device, async () => {
        const record = (await valueOf(db, vaultName(person))) as VaultRecord | null;
        if (!record) return null;
        const next = change(record);
        if (next !== record) await db.device.put(entry(vaultName(person), next));
        return next;
      }),
    enrol: (account, vault) =>
      db.transaction('rw', db.device, db.accounts, async () => {
        await db.accounts.put(account);
        await db.device.put(entry(vaultName(account.person), vault));
        await db.device.put(entry('front', account.person));
        await db.device.delete('pending');
      }),
    forget: (person) =>
      db.transaction('rw', db.device, db.accounts, async () => {
        await db.device.delete(vaultName(person));
        await db.accounts.delete(person);
        if ((await valueOf(db, 'front')) === person) await db.device.delete('front');
      }),
    close: () => db.close(),
  };
}
