import type { DeviceId, PersonId } from '../../domain/record/ids.ts';
import { type Bytes, textOf, utf8 } from '../../kernel/bytes.ts';
import { type AesKey, openBytes, sealBytes } from '../../kernel/crypto/aes-gcm.ts';
import type { KeyEnvelope } from '../../protocol/envelope.ts';
import type { Delivery } from './data-keys.ts';
import { signText } from './device-signer.ts';

/** A text sealed under a data key that it names. */
export interface SealedText {
  readonly key: string;
  readonly blob: string;
}

/** An unlocked vault: keys that can be used and not read. After `close` it seals, opens and signs nothing. */
export interface OpenVault {
  readonly person: PersonId;
  readonly device: DeviceId;
  /** The data key that rows are to come down under, and that new records are sealed under. */
  readonly dataKey: string;
  /** What that key is known by when the device vouches for it. */
  readonly keyMark: string;
  /** Null once closed: the caller keeps what it has on screen and asks for the PIN. */
  seal(text: string, aad: Bytes): Promise<SealedText | null>;
  /** Null: closed, sealed under a key this vault does not hold, or altered. */
  open(sealed: SealedText, aad: Bytes): Promise<string | null>;
  /** Signs as this device; null once closed. */
  sign(text: string): Promise<string | null>;
  /** Envelopes of its keys for another delivery key than those that stand are sealed to; none once closed. */
  envelop(delivery: Delivery): Promise<readonly KeyEnvelope[]>;
  readonly closed: boolean;
  close(): void;
}

export interface VaultKeys {
  readonly current: string;
  readonly currentMark: string;
  readonly keys: ReadonlyMap<string, AesKey>;
  readonly signer: CryptoKey;
  readonly envelop: (delivery: Delivery) => Promise<readonly KeyEnvelope[]>;
}

export function makeOpenVault(owner: { person: PersonId; device: DeviceId }, given: VaultKeys): OpenVault {
  let held: VaultKeys | null = given;
  return {
    person: owner.person,
    device: owner.device,
    dataKey: given.current,
    keyMark: given.currentMark,
    get closed() {
      return held === null;
    },
    seal: async (text, aad) => {
      const key = held?.keys.get(given.current);
      return key ? { key: given.current, blob: await sealBytes(key, utf8(text), aad) } : null;
    },
    open: async (sealed, aad) => {
      const key = held?.keys.get(sealed.key);
      const plain = key ? await openBytes(key, sealed.blob, aad) : null;
      if (plain === null) return null;
      const text = textOf(plain);
      plain.fill(0);
      return text;
    },
    sign: async (text) => (held ? signText(held.signer, text) : null),
    envelop: async (delivery) => (held ? held.envelop(delivery) : []),
    close: () => {
      held = null;
    },
  };
}
