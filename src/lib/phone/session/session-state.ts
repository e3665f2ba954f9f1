import type { Account } from '../../protocol/enrol.ts';
import type { OpenPhone } from '../commands/open-phone.ts';
import type { AccountRecord } from '../vault/device-store.ts';
import type { OpenVault } from '../vault/open-vault.ts';

/** One of the people on this phone, as the switcher shows them. */
export type AccountOnPhone = AccountRecord;

/** The browser threw away what was kept here: the server remembers a database that this phone no longer has. */
export interface Evicted {
  readonly lastSeq: number;
  readonly lastSeenAt: number | null;
}

/** With the server: not asked yet, in, nobody answers, or it will not have this device. Saving and delivering go on in each. */
export type SignedIn = 'asking' | 'yes' | 'offline' | 'refused';

export type SessionState =
  | { readonly is: 'empty'; readonly evicted: Evicted | null }
  | {
      readonly is: 'locked';
      readonly account: Account;
      readonly accounts: readonly AccountOnPhone[];
      /** Milliseconds until a PIN may be tried; 0: now. */
      readonly wait: number;
      /** Too many wrong PINs: only a new QR opens it. */
      readonly spent: boolean;
    }
  | {
      readonly is: 'unlocked';
      readonly account: Account;
      readonly accounts: readonly AccountOnPhone[];
      /** What the commands and the view need. */
      readonly phone: OpenPhone;
      readonly vault: OpenVault;
      readonly signedIn: SignedIn;
    };
