import { type Bytes, concatBytes, fromBase64url, toBase64url } from '../bytes.ts';

/** 96-bit random nonce, then ciphertext and 128-bit tag (NIST SP 800-38D). */
const NONCE = 12;
const TAG = 16;

export type AesKey = CryptoKey;

export function importAesKey(
  raw: Bytes,
  usages: KeyUsage[] = ['encrypt', 'decrypt'],
  extractable = false,
): Promise<AesKey> {
  return crypto.subtle.importKey('raw', raw, 'AES-GCM', extractable, usages);
}

/** Seals bytes under a key, bound to `aad`. Never call it inside an IndexedDB transaction: engines but Chromium close it. */
export async function sealBytes(key: AesKey, plain: Bytes, aad: Bytes): Promise<string> {
  // eslint-disable-next-line no-restricted-properties -- a nonce must never repeat: no seed may reach it
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE));
  const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv: nonce, additionalData: aad }, key, plain);
  return toBase64url(concatBytes(nonce, new Uint8Array(sealed)));
}

/** Opens what {@link sealBytes} made; null when key, bytes or `aad` are not the ones it was sealed with. */
export async function openBytes(key: AesKey, blob: string, aad: Bytes): Promise<Bytes | null> {
  const bytes = fromBase64url(blob);
  if (bytes === null || bytes.length < NONCE + TAG) return null;
  try {
    const plain = await crypto.subtle.decrypt(
      { name: 'AES-GCM', iv: bytes.subarray(0, NONCE), additionalData: aad },
      key,
      bytes.subarray(NONCE),
    );
    return new Uint8Array(plain);
  } catch {
    return null;
  }
}
