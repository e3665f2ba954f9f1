import {
  chmodSync,
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { makeBoxKeys } from '$lib/kernel/crypto/sealed-box.ts';
import { toBase64url } from '$lib/kernel/bytes.ts';
import type { Clock } from '$lib/kernel/clock.ts';
import type { Random } from '$lib/kernel/random.ts';
import type { DeliveryKey, KeyRing } from './server-keys.ts';

const secretFile = z.strictObject({ id: z.string(), key: z.string() });
const deliveryFile = z.strictObject({
  id: z.string(),
  madeAt: z.number(),
  publicKey: z.string(),
  privateKey: z.string(),
});

/** Whole or not at all, readable by its owner only. */
function writeKeyFile(path: string, value: object): void {
  const half = `${path}.new`;
  const file = openSync(half, 'w', 0o600);
  try {
    writeSync(file, JSON.stringify(value));
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(half, path);
}

/** Secrets that are not there although the database holds what only they can open. The operator brings them back. */
export class KeysMissing extends Error {
  readonly directory: string;
  constructor(directory: string) {
    super('the database is sealed under keys that are not in the key directory');
    this.directory = directory;
  }
}

/** What the database holds sealed: a key that opens it may no longer be made anew. */
export interface SealedInDatabase {
  /** Resident records' keys, wrapped by the master key. */
  readonly residents: boolean;
  /** Phones' data keys, sealed to a delivery key. */
  readonly phones: boolean;
}

function readSecret(path: string, random: Random, mayMake: boolean): z.infer<typeof secretFile> {
  try {
    return secretFile.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    // A key file that is there but cannot be read is never replaced: what it seals would be lost.
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
  if (!mayMake) throw new KeysMissing(dirname(path));
  const made = { id: toBase64url(random.bytes(9)), key: toBase64url(random.bytes(32)) };
  writeKeyFile(path, made);
  return made;
}

function readDeliveryKeys(directory: string): DeliveryKey[] {
  const names = readdirSync(directory).filter(
    (name) => name.startsWith('delivery-') && name.endsWith('.json'),
  );
  return names
    .map((name) => deliveryFile.parse(JSON.parse(readFileSync(join(directory, name), 'utf8'))))
    .sort((a, b) => a.madeAt - b.madeAt);
}

/** Makes a new delivery key the present one. Older ones stay readable: phones may still be sealed to them. */
export async function addDeliveryKey(directory: string, clock: Clock, random: Random): Promise<DeliveryKey> {
  const key = { id: toBase64url(random.bytes(9)), madeAt: clock.now(), ...(await makeBoxKeys()) };
  writeKeyFile(join(directory, `delivery-${key.id}.json`), key);
  return key;
}

/**
 * Opens the key directory (made on the first start, 0700). Throws when a file is there and cannot be read, and
 * `KeysMissing` when one is gone that the database still needs: starting with a fresh key instead would make everything
 * sealed so far unreadable. A lost signing key is made anew: the database notices, and takes a new epoch.
 */
export async function openKeyFiles(
  directory: string,
  sealed: SealedInDatabase,
  clock: Clock,
  random: Random,
): Promise<KeyRing> {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  chmodSync(directory, 0o700);
  const master = readSecret(join(directory, 'master.json'), random, !sealed.residents);
  const delivery = readDeliveryKeys(directory);
  if (delivery.length === 0 && sealed.phones) throw new KeysMissing(directory);
  const signing = readSecret(join(directory, 'signing.json'), random, true);
  if (delivery.length === 0) delivery.push(await addDeliveryKey(directory, clock, random));
  return { master, signing, delivery };
}
