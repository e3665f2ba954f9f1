import type { PersonId, DeviceId } from '../../domain/record/ids.ts';
import type { KdfParameters } from './kdf.ts';
import type { PinAttempts } from './pin-attempts.ts';

/** A data key as it lies on the phone: under the PIN key, never raw. */
export interface WrappedKey {
  /** The data key's id, named by everything sealed under it. */
  readonly key: string;
  readonly blob: string;
}

/** One account's vault at rest. Nothing in it opens without the PIN; the PIN itself is nowhere. */
export interface VaultRecord {
  readonly person: PersonId;
  readonly device: DeviceId;
  /** HMAC-SHA-256, non-extractable: a script that reads the store cannot take it away. A copied disk can. */
  readonly secret: CryptoKey;
  readonly kdf: KdfParameters;
  /** What the last derivation took here, in milliseconds; null before the first unlock. */
  readonly measuredMs: number | null;
  /** The key that new records are sealed under. */
  readonly current: string;
  /** The present key and those of former enrolments. */
  readonly wrapped: readonly WrappedKey[];
  /** The device's ECDSA P-256 key: public point, and PKCS #8 sealed under the present data key. */
  readonly signing: { readonly publicKey: string; readonly sealed: string };
  readonly attempts: PinAttempts;
}
