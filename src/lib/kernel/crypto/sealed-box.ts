import { type Bytes, concatBytes, fromBase64url, toBase64url } from '../bytes.ts';
import { importAesKey, openBytes, sealBytes } from './aes-gcm.ts';

const CURVE = { name: 'ECDH', namedCurve: 'P-256' } as const;
/** An uncompressed P-256 point. */
const POINT = 65;

export interface BoxKeys {
  /** Raw point, base64url: may be known to all. */
  readonly publicKey: string;
  /** PKCS #8, base64url: never leaves its owner. */
  readonly privateKey: string;
}

export async function makeBoxKeys(): Promise<BoxKeys> {
  const pair = await crypto.subtle.generateKey(CURVE, true, ['deriveBits']);
  const [raw, pkcs8] = await Promise.all([
    crypto.subtle.exportKey('raw', pair.publicKey),
    crypto.subtle.exportKey('pkcs8', pair.privateKey),
  ]);
  return { publicKey: toBase64url(new Uint8Array(raw)), privateKey: toBase64url(new Uint8Array(pkcs8)) };
}

/** ECDH P-256 → HKDF-SHA-256 over both public points → AES-256-GCM key. */
async function agree(own: CryptoKey, other: CryptoKey, context: Bytes): Promise<CryptoKey> {
  const shared = await crypto.subtle.deriveBits({ name: 'ECDH', public: other }, own, 256);
  const material = await crypto.subtle.importKey('raw', shared, 'HKDF', false, ['deriveBits']);
  const params = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(0), info: context };
  const bits = await crypto.subtle.deriveBits(params, material, 256);
  return importAesKey(new Uint8Array(bits));
}

/** Seals bytes so that only the holder of the private half can open them. Null: not a public key. */
export async function sealToBox(publicKey: string, plain: Bytes, aad: Bytes): Promise<string | null> {
  const point = fromBase64url(publicKey);
  if (point?.length !== POINT) return null;
  try {
    const other = await crypto.subtle.importKey('raw', point, CURVE, false, []);
    const pair = await crypto.subtle.generateKey(CURVE, true, ['deriveBits']);
    const ephemeral = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey));
    const key = await agree(pair.privateKey, other, concatBytes(ephemeral, point));
    const sealed = fromBase64url(await sealBytes(key, plain, aad));
    return sealed && toBase64url(concatBytes(ephemeral, sealed));
  } catch {
    return null;
  }
}

/** Opens what {@link sealToBox} made; null when it was sealed to another key or altered. */
export async function openBox(keys: BoxKeys, blob: string, aad: Bytes): Promise<Bytes | null> {
  const bytes = fromBase64url(blob);
  const point = fromBase64url(keys.publicKey);
  const secret = fromBase64url(keys.privateKey);
  if (!bytes || !point || !secret || bytes.length <= POINT) return null;
  try {
    const own = await crypto.subtle.importKey('pkcs8', secret, CURVE, false, ['deriveBits']);
    const ephemeral = bytes.slice(0, POINT);
    const other = await crypto.subtle.importKey('raw', ephemeral, CURVE, false, []);
    const key = await agree(own, other, concatBytes(ephemeral, point));
    return await openBytes(key, toBase64url(bytes.subarray(POINT)), aad);
  } catch {
    return null;
  }
}
