import { createCipheriv, createDecipheriv } from 'node:crypto';
import type { Random } from '$lib/kernel/random.ts';

const NONCE = 12;
const TAG = 16;
const BASE64URL = /^[A-Za-z0-9_-]*$/;

/** AES-256-GCM in one synchronous call (a few microseconds): thousands are sealed while a ward's lock is held. */
export function sealValue(key: Uint8Array, plain: Uint8Array, aad: string, random: Random): string {
  const nonce = random.bytes(NONCE);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(Buffer.from(aad));
  const body = cipher.update(plain);
  return Buffer.concat([nonce, body, cipher.final(), cipher.getAuthTag()]).toString('base64url');
}

/** Null: another key, other associated data, or altered. */
export function openValue(key: Uint8Array, blob: string, aad: string): Uint8Array | null {
  // Buffer passes over what is no base64url; here it is an altered blob.
  const bytes = BASE64URL.test(blob) && blob.length % 4 !== 1 ? Buffer.from(blob, 'base64url') : null;
  if (bytes === null || bytes.length < NONCE + TAG) return null;
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE));
    decipher.setAAD(Buffer.from(aad));
    decipher.setAuthTag(bytes.subarray(bytes.length - TAG));
    return Buffer.concat([decipher.update(bytes.subarray(NONCE, bytes.length - TAG)), decipher.final()]);
  } catch {
    return null;
  }
}
