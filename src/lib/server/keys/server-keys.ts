import { createHmac, timingSafeEqual } from 'node:crypto';
import { type Bytes, fromBase64url, toBase64url } from '$lib/kernel/bytes.ts';
import { makeBoxKeys, openBox } from '$lib/kernel/crypto/sealed-box.ts';
import type { Random } from '$lib/kernel/random.ts';
import { keyAad } from '$lib/protocol/bound-bytes.ts';
import type { KeyEnvelope } from '$lib/protocol/envelope.ts';
import { openValue, sealValue } from './value-cipher.ts';

/** What phones seal their data keys to. Old ones are kept 400 days. */
export interface DeliveryKey {
  readonly id: string;
  readonly madeAt: number;
  readonly publicKey: string;
  readonly privateKey: string;
}

/** The secrets as they lie on disk; newest delivery key last. */
export interface KeyRing {
  readonly master: { readonly id: string; readonly key: string };
  readonly signing: { readonly id: string; readonly key: string };
  readonly delivery: readonly DeliveryKey[];
}

/** Whose data key an envelope holds: it was sealed bound to both. */
export interface DataKeyOwner {
  readonly account: string;
  readonly device: string | null;
}

/** The server's secrets in use. Nothing here is ever logged or sent, but for the public halves. */
export interface ServerKeys {
  /** Named in every answer. */
  readonly deliveryKey: { readonly id: string; readonly publicKey: string };
  readonly signingKeyId: string;
  /** Opens a phone's data key; null when its private half is not here, or it belongs to somebody else. */
  openDataKey(owner: DataKeyOwner, envelope: KeyEnvelope): Promise<Bytes | null>;
  /** HMAC-SHA-256, base64url. */
  sign(text: string): string;
  verify(text: string, mac: string): boolean;
  /** Under the master key. */
  wrap(raw: Uint8Array, aad: string): string;
  unwrap(wrapped: string, aad: string): Uint8Array | null;
  readonly random: Random;
}

const KEPT_OPEN = 2000;

/** Opening costs a millisecond of elliptic curve; the same phone comes again with the same envelope. */
function cachedOpening(ring: KeyRing): ServerKeys['openDataKey'] {
  const opened = new Map<string, Bytes>();
  return async (owner, envelope) => {
    const { account, device } = owner;
    if (device === null) return null;
    const name = `${account}|${device}|${envelope.key}|${envelope.to}|${envelope.box}`;
    const known = opened.get(name);
    if (known !== undefined) return known;
    const keys = ring.delivery.find((key) => key.id === envelope.to);
    const raw = keys && (await openBox(keys, envelope.box, keyAad(account, device, envelope.key)));
    if (raw?.length !== 32) return null;
    if (opened.size >= KEPT_OPEN) opened.clear();
    opened.set(name, raw);
    return raw;
  };
}

function secretBytes(text: string): Bytes {
  const bytes = fromBase64url(text);
  if (bytes?.length !== 32) throw new Error('a key file does not hold 256 bits');
  return bytes;
}

export function serverKeys(ring: KeyRing, random: Random): ServerKeys {
  const present = ring.delivery.at(-1);
  if (present === undefined) throw new Error('no delivery key');
  const master = secretBytes(ring.master.key);
  const signing = secretBytes(ring.signing.key);
  const mac = (text: string): Buffer => createHmac('sha256', signing).update(text).digest();
  return {
    deliveryKey: { id: present.id, publicKey: present.publicKey },
    signingKeyId: ring.signing.id,
    openDataKey: cachedOpening(ring),
    sign: (text) => toBase64url(mac(text)),
    verify: (text, given) => {
      const bytes = fromBase64url(given);
      const own = mac(text);
      return bytes?.length === own.length && timingSafeEqual(bytes, own);
    },
    wrap: (raw, aad) => sealValue(master, raw, aad, random),
    unwrap: (wrapped, aad) => openValue(master, wrapped, aad),
    random,
  };
}

/** A ring that lies nowhere: for tests and the simulator. */
export async function makeKeyRing(random: Random, madeAt: number): Promise<KeyRing> {
  const secret = (): KeyRing['master'] => ({
    id: toBase64url(random.bytes(9)),
    key: toBase64url(random.bytes(32)),
  });
  const delivery = { id: toBase64url(random.bytes(9)), madeAt, ...(await makeBoxKeys()) };
  return { master: secret(), signing: secret(), delivery: [delivery] };
}
