import type { PersonId, ReplicaId } from '../../domain/record/ids.ts';
import type { Account } from '../../protocol/enrol.ts';
import type { KeyEnvelope } from '../../protocol/envelope.ts';

/** The server's delivery key as an answer named it last. */
export interface DeliveryKey {
  readonly id: string;
  /** Raw point, base64url. */
  readonly publicKey: string;
}

/** What the vault keeps in the account's own database, where the key-blind courier reads it. */
export interface AccountShelf {
  deliveryKey(): Promise<DeliveryKey | null>;
  envelopes(): Promise<readonly KeyEnvelope[]>;
  putEnvelopes(envelopes: readonly KeyEnvelope[]): Promise<void>;
}

/** What an enrolment brings to the account's database. */
export interface AccountSetUp {
  readonly account: Account;
  readonly replica: ReplicaId;
  readonly deliveryToken: string;
  readonly epoch: string;
  readonly deliveryKey: DeliveryKey;
  readonly envelopes: readonly KeyEnvelope[];
}

/** The databases of the accounts on this phone, as the vault and the enrolment need them. */
export interface AccountShelves {
  shelf(person: PersonId): AccountShelf;
  /** Makes the account's database, or gives the one that stands a new replica and token: what is unsettled goes on under it. */
  setUp(wanted: AccountSetUp): Promise<void>;
}
