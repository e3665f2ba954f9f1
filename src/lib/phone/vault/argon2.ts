import { argon2id } from 'hash-wasm';
import { type Bytes, fromBase64url } from '../../kernel/bytes.ts';
import type { KdfParameters } from './kdf.ts';

/** Argon2id in this thread. Pages go through `kdf-in-worker.ts`. Throws on parameters that are not ours. */
export async function deriveArgon2id(secret: Bytes, parameters: KdfParameters): Promise<Bytes> {
  const salt = fromBase64url(parameters.salt);
  if (salt === null || salt.length < 16) throw new Error('kdf salt is not 16 bytes');
  const key = await argon2id({
    password: secret,
    salt,
    parallelism: parameters.lanes,
    iterations: parameters.passes,
    memorySize: parameters.memoryKiB,
    hashLength: 32,
    outputType: 'binary',
  });
  return new Uint8Array(key);
}
