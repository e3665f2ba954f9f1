import { createCipheriv, createDecipheriv } from 'node:crypto';
import type { Random } from '$lib/kernel/random.ts';
import { fromBase64url, toBase64url, utf8 } from '$lib/kernel/bytes.ts';

const NONCE = 12;
const TAG = 16;

/** AES-256-GCM in one synchronous call (a few microseconds): thousands are sealed while a ward's lock is held. */
export function sealValue(key: Uint8Array, plain: Uint8Array, aad: string, random: Random): string {
  const nonce = random.bytes(NONCE);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(utf8(aad));
  const body = cipher.update(plain);
  return toBase64url(Buffer.concat([nonce, body, cipher.final(), cipher.getAuthTag()]));
}

/** Null: another key, other associated data, or altered. */
export function openValue(key: Uint8Array, blob: string, aad: string): Uint8Array | null {
  const bytes = fromBase64url(blob);
  if (bytes === null || bytes.length < NONCE + TAG) return null;
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE));
    decipher.setAAD(utf8(aad));
    decipher.setAuthTag(bytes.subarray(bytes.length - TAG));
    return Buffer.concat([decipher.update(bytes.subarray(NONCE, bytes.length - TAG)), decipher.final()]);
  } catch {
    return null;
  }
}
