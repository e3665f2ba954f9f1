import { type Bytes, toBase64url, utf8 } from '../../kernel/bytes.ts';
import { type AesKey, openBytes, sealBytes } from '../../kernel/crypto/aes-gcm.ts';
import { sealToBox } from '../../kernel/crypto/sealed-box.ts';
import type { Random } from '../../kernel/random.ts';
import { keyAad } from '../../protocol/bound-bytes.ts';
import type { KeyEnvelope } from '../../protocol/envelope.ts';
import type { DeliveryKey } from './account-shelf.ts';
import type { VaultRecord, WrappedKey } from './vault-record.ts';

/** A data key in the open: lives for the length of one call and is zeroed at its end. */
export interface RawKey {
  readonly key: string;
  readonly raw: Bytes;
}

type Owner = Pick<VaultRecord, 'person' | 'device'>;

export function makeRawKey(random: Random): RawKey {
  return { key: toBase64url(random.bytes(16)), raw: random.bytes(32) };
}

export function forget(keys: readonly RawKey[]): void {
  for (const { raw } of keys) raw.fill(0);
}

function wrapAad(owner: Owner, key: string): Bytes {
  return utf8(`xks:wrap:1|${owner.person}|${owner.device}|${key}`);
}

export function wrapKeys(pinKey: AesKey, owner: Owner, keys: readonly RawKey[]): Promise<WrappedKey[]> {
  return Promise.all(
    keys.map(async ({ key, raw }) => ({ key, blob: await sealBytes(pinKey, raw, wrapAad(owner, key)) })),
  );
}

/** All data keys in the open, or null when the PIN key is not the one they were wrapped under. */
export async function unwrapKeys(pinKey: AesKey, vault: VaultRecord): Promise<RawKey[] | null> {
  const opened: RawKey[] = [];
  for (const { key, blob } of vault.wrapped) {
    const raw = await openBytes(pinKey, blob, wrapAad(vault, key));
    if (raw === null) {
      forget(opened);
      return null;
    }
    opened.push({ key, raw });
  }
  return opened;
}

/** Seals data keys to the server's delivery key. Keys it is given a point for that is none are left out. */
export async function envelopKeys(
  owner: Owner,
  keys: readonly RawKey[],
  to: DeliveryKey,
): Promise<readonly KeyEnvelope[]> {
  const envelopes = await Promise.all(
    keys.map(async ({ key, raw }) => {
      const box = await sealToBox(to.publicKey, raw, keyAad(owner.person, owner.device, key));
      return box === null ? [] : [{ key, to: to.id, box }];
    }),
  );
  return envelopes.flat();
}

/** What is known of the server's key and of the envelopes that stand. */
export interface Delivery {
  readonly key: DeliveryKey | null;
  readonly envelopes: readonly KeyEnvelope[];
}

/** Seals to the present delivery key what has no envelope to it yet; what stands is left as it is. */
export async function freshEnvelopes(
  owner: Owner,
  keys: readonly RawKey[],
  { key: to, envelopes }: Delivery,
): Promise<readonly KeyEnvelope[]> {
  if (to === null) return [];
  const stale = keys.filter(({ key }) => !envelopes.some((one) => one.key === key && one.to === to.id));
  return envelopKeys(owner, stale, to);
}
