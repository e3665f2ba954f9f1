import type { DeviceId, PersonId } from '../../domain/record/ids.ts';
import { type Bytes, toBase64url, utf8 } from '../../kernel/bytes.ts';
import { type AesKey, importAesKey, openBytes, sealBytes } from '../../kernel/crypto/aes-gcm.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Random } from '../../kernel/random.ts';
import { dataKeyMark } from '../../protocol/bound-bytes.ts';
import type { KeyEnvelope } from '../../protocol/envelope.ts';
import type { DeliveryKey } from './account-shelf.ts';
import {
  type Delivery,
  envelopKeys,
  forget,
  freshEnvelopes,
  makeRawKey,
  type RawKey,
  unwrapKeys,
  wrapKeys,
} from './data-keys.ts';
import { importSigner } from './device-signer.ts';
import { type Kdf, KDF_STRENGTH } from './kdf.ts';
import { makeOpenVault, type OpenVault } from './open-vault.ts';
import { NO_ATTEMPTS } from './pin-attempts.ts';
import { derivePinKey, makeDeviceSecret } from './pin-key.ts';
import type { VaultRecord } from './vault-record.ts';

export interface VaultPorts {
  readonly kdf: Kdf;
  readonly clock: Clock;
  readonly random: Random;
}

/** A vault that has just been made or opened, with what is to be stored beside it. */
export interface VaultOpened {
  readonly record: VaultRecord;
  readonly vault: OpenVault;
  /** Envelopes to store in the account's database: new, or sealed anew to another delivery key. */
  readonly envelopes: readonly KeyEnvelope[];
}

function signerAad(owner: Pick<VaultRecord, 'person' | 'device'>): Bytes {
  return utf8(`xks:device-key:1|${owner.person}|${owner.device}`);
}

/** The keys stay under the PIN key also while the vault is open: in the open only while they are being sealed anew. */
async function envelopNow(
  record: VaultRecord,
  pinKey: AesKey,
  delivery: Delivery,
): Promise<readonly KeyEnvelope[]> {
  const raws = (await unwrapKeys(pinKey, record)) ?? [];
  const envelopes = await freshEnvelopes(record, raws, delivery);
  forget(raws);
  return envelopes;
}

async function openKeys(
  record: VaultRecord,
  raws: readonly RawKey[],
  pinKey: AesKey,
): Promise<OpenVault | null> {
  const keys = new Map(
    await Promise.all(raws.map(async ({ key, raw }) => [key, await importAesKey(raw)] as const)),
  );
  const current = keys.get(record.current);
  const currentRaw = raws.find(({ key }) => key === record.current);
  const pkcs8 = current ? await openBytes(current, record.signing.sealed, signerAad(record)) : null;
  if (pkcs8 === null || currentRaw === undefined) return null;
  return makeOpenVault(record, {
    current: record.current,
    currentMark: await dataKeyMark(currentRaw.raw),
    keys,
    signer: await importSigner(pkcs8),
    envelop: (delivery) => envelopNow(record, pinKey, delivery),
  });
}

export interface VaultWanted {
  readonly person: PersonId;
  readonly device: DeviceId;
  readonly pin: string;
  readonly deliveryKey: DeliveryKey;
  readonly signing: { readonly publicKey: string; readonly pkcs8: Bytes };
  /** Keys of a former enrolment of this account on this phone, come back from the server. Zeroed here. */
  readonly oldKeys: readonly RawKey[];
  /** The key that was in use before: stays in use when it came back. */
  readonly formerKey: string | null;
}

/** Makes a vault under a new PIN. Old keys that came back lie in it too, so that old records open again. */
export async function makeVault(wanted: VaultWanted, ports: VaultPorts): Promise<VaultOpened> {
  const former = wanted.oldKeys.some(({ key }) => key === wanted.formerKey) ? wanted.formerKey : null;
  const fresh = former === null ? [makeRawKey(ports.random)] : [];
  const raws = [...fresh, ...wanted.oldKeys];
  const current = former ?? fresh[0]?.key ?? '';
  const { person, device } = wanted;
  const secret = await makeDeviceSecret();
  const kdf = { ...KDF_STRENGTH, salt: toBase64url(ports.random.bytes(16)) };
  const started = ports.clock.now();
  const pinKey = await derivePinKey(wanted.pin, { person, secret, kdf }, ports.kdf);
  const measuredMs = ports.clock.now() - started;
  const currentRaw = raws.find(({ key }) => key === current);
  if (!currentRaw) throw new Error('a vault has a current key');
  const sealed = await sealBytes(await importAesKey(currentRaw.raw), wanted.signing.pkcs8, signerAad(wanted));
  wanted.signing.pkcs8.fill(0);
  const record: VaultRecord = {
    person,
    device,
    secret,
    kdf,
    measuredMs,
    current,
    wrapped: await wrapKeys(pinKey, wanted, raws),
    signing: { publicKey: wanted.signing.publicKey, sealed },
    attempts: NO_ATTEMPTS,
  };
  const envelopes = await envelopKeys(wanted, raws, wanted.deliveryKey);
  const vault = await openKeys(record, raws, pinKey);
  forget(raws);
  if (!vault) throw new Error('a vault just made opens');
  return { record, vault, envelopes };
}

/**
 * Opens a vault. Null: wrong PIN. Keys whose envelope is sealed to another delivery key than the present one are sealed
 * anew (the records stay as they are). Counting attempts is the caller's, before it calls.
 */
export async function openVaultWith(
  record: VaultRecord,
  pin: string,
  delivery: Delivery,
  ports: VaultPorts,
): Promise<VaultOpened | null> {
  const started = ports.clock.now();
  const pinKey = await derivePinKey(pin, record, ports.kdf);
  const measuredMs = ports.clock.now() - started;
  const raws = await unwrapKeys(pinKey, record);
  if (raws === null) return null;
  const vault = await openKeys(record, raws, pinKey);
  const envelopes = await freshEnvelopes(record, raws, delivery);
  forget(raws);
  return vault && { record: { ...record, measuredMs, attempts: NO_ATTEMPTS }, vault, envelopes };
}

/** The same keys under another PIN, with a new salt and a new device secret. Null: the old PIN is wrong. */
export async function rewrapVault(
  record: VaultRecord,
  pins: { readonly old: string; readonly next: string },
  ports: VaultPorts,
): Promise<VaultRecord | null> {
  const raws = await unwrapKeys(await derivePinKey(pins.old, record, ports.kdf), record);
  if (raws === null) return null;
  const secret = await makeDeviceSecret();
  const kdf = { ...KDF_STRENGTH, salt: toBase64url(ports.random.bytes(16)) };
  const pinKey = await derivePinKey(pins.next, { person: record.person, secret, kdf }, ports.kdf);
  const wrapped = await wrapKeys(pinKey, record, raws);
  forget(raws);
  return { ...record, secret, kdf, wrapped, attempts: NO_ATTEMPTS };
}
