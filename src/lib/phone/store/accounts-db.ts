import Dexie, { type Table } from 'dexie';
import type { PersonId } from '../../domain/record/ids.ts';
import type { Instant } from '../../kernel/clock.ts';
import type { IdbPort } from './open-account-db.ts';

/** An account that is on this phone. Work identity only; nothing of residents. */
export interface KnownAccount {
  readonly person: PersonId;
  readonly name: string;
  readonly wardName: string;
  readonly lastUsedAt: Instant;
  /** Signed out: not offered at unlock; what is unsent still goes. */
  readonly signedOut: boolean;
}

/** Small values of the device, by name, owned by whoever names them (device id, pending enrolment, vaults). */
export interface DeviceValue {
  readonly name: string;
  readonly value: unknown;
}

/** What belongs to the phone and not to one account. */
export class AccountsDb extends Dexie {
  declare readonly accounts: Table<KnownAccount, string>;
  declare readonly device: Table<DeviceValue, string>;

  constructor(idb?: IdbPort) {
    super('xks.device', { ...idb, chromeTransactionDurability: 'strict' });
    this.version(1).stores({ accounts: 'person', device: 'name' });
  }
}
