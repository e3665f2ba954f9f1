import { deviceIdSchema, replicaIdSchema, type DeviceId } from '../../domain/record/ids.ts';
import { type Bytes, toBase64url, utf8 } from '../../kernel/bytes.ts';
import type { Clock } from '../../kernel/clock.ts';
import { openBytes, sealBytes } from '../../kernel/crypto/aes-gcm.ts';
import type { Random } from '../../kernel/random.ts';
import { uuidv7 } from '../../kernel/uuid.ts';
import { makeDeviceKeys } from '../vault/device-signer.ts';
import type { DeviceStore, PendingEnrolment } from '../vault/device-store.ts';

export interface PendingPorts {
  readonly device: DeviceStore;
  readonly clock: Clock;
  readonly random: Random;
}

const SIGNER_AAD: Bytes = utf8('xks:pending-signer:1');

/** One id for this browser's storage: a copied or emptied one is another device or none. */
export async function ownDevice({ device, clock, random }: PendingPorts): Promise<DeviceId> {
  const standing = await device.fact('device');
  if (standing !== null) return standing;
  const made = deviceIdSchema.parse(uuidv7(clock, random));
  await device.putFact('device', made);
  return made;
}

/** What stands stored for this code, or made and stored now: the same question can be asked again after a lost answer. */
export async function pendingFor(ports: PendingPorts, code: string): Promise<PendingEnrolment> {
  const standing = await ports.device.fact('pending');
  if (standing?.code === code) return standing;
  const wrap = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, [
    'encrypt',
    'decrypt',
  ]);
  const keys = await makeDeviceKeys();
  const sealedSigner = await sealBytes(wrap, keys.pkcs8, SIGNER_AAD);
  keys.pkcs8.fill(0);
  const pending: PendingEnrolment = {
    code,
    nonce: toBase64url(ports.random.bytes(24)),
    replica: replicaIdSchema.parse(uuidv7(ports.clock, ports.random)),
    publicKey: keys.publicKey,
    sealedSigner,
    wrap,
    startedAt: ports.clock.now(),
  };
  await ports.device.putFact('pending', pending);
  return pending;
}

/** The private half in the open, for the vault that is being made. Throws when what was stored does not open: a bug. */
export async function signerOf(pending: PendingEnrolment): Promise<Bytes> {
  const pkcs8 = await openBytes(pending.wrap, pending.sealedSigner, SIGNER_AAD);
  if (pkcs8 === null) throw new Error('the pending device key opens under its own key');
  return pkcs8;
}
