import { createCipheriv, createDecipheriv, createECDH, createHash, type ECDH, hkdfSync } from 'node:crypto';

/**
 * The part of WebCrypto that sync uses, by the same algorithms in the calling thread: SHA-256, AES-256-GCM, HKDF and
 * ECDH over P-256. WebCrypto hands every call to another thread, and the long runs would mostly wait for it.
 */

const CURVE = 'prime256v1';
const TAG = 16;
/** PKCS #8 of a P-256 key (RFC 5958, RFC 5915): everything around the number and the point is always the same. */
const PKCS8_HEAD = Buffer.from(
  '308187020100301306072a8648ce3d020106082a8648ce3d030107046d306b0201010420',
  'hex',
);
const PKCS8_MIDDLE = Buffer.from('a144034200', 'hex');
const NUMBER = 32;

type Held =
  | { readonly is: 'aes' | 'hkdf'; readonly raw: Buffer }
  | { readonly is: 'private'; readonly ecdh: ECDH }
  | { readonly is: 'public'; readonly point: Buffer };

const bytesOf = (data: BufferSource): Buffer =>
  data instanceof ArrayBuffer
    ? Buffer.from(data)
    : Buffer.from(data.buffer, data.byteOffset, data.byteLength);
const bufferOf = (bytes: Buffer): ArrayBuffer => new Uint8Array(bytes).buffer;

/** What these functions take and give for a key; WebCrypto's own type says nothing of what is in it. */
const asKey = (held: Held): CryptoKey => held as unknown as CryptoKey;
const heldIn = (key: CryptoKey): Held => key as unknown as Held;

function rawOf(key: CryptoKey): Buffer {
  const held = heldIn(key);
  if (held.is !== 'aes' && held.is !== 'hkdf') throw new TypeError('not a secret key');
  return held.raw;
}

interface Gcm {
  readonly iv: BufferSource;
  readonly additionalData: BufferSource;
}

function encrypt({ iv, additionalData }: Gcm, key: CryptoKey, data: BufferSource): ArrayBuffer {
  const cipher = createCipheriv('aes-256-gcm', rawOf(key), bytesOf(iv));
  cipher.setAAD(bytesOf(additionalData));
  return bufferOf(Buffer.concat([cipher.update(bytesOf(data)), cipher.final(), cipher.getAuthTag()]));
}

function decrypt({ iv, additionalData }: Gcm, key: CryptoKey, data: BufferSource): ArrayBuffer {
  const bytes = bytesOf(data);
  const decipher = createDecipheriv('aes-256-gcm', rawOf(key), bytesOf(iv));
  decipher.setAAD(bytesOf(additionalData));
  decipher.setAuthTag(bytes.subarray(bytes.length - TAG));
  return bufferOf(Buffer.concat([decipher.update(bytes.subarray(0, bytes.length - TAG)), decipher.final()]));
}

function importKey(
  format: string,
  data: BufferSource,
  algorithm: string | { readonly name: string },
): CryptoKey {
  const name = typeof algorithm === 'string' ? algorithm : algorithm.name;
  const bytes = Buffer.from(bytesOf(data));
  if (name === 'AES-GCM' && bytes.length === 32) return asKey({ is: 'aes', raw: bytes });
  if (name === 'HKDF') return asKey({ is: 'hkdf', raw: bytes });
  if (name === 'ECDH' && format === 'raw') return asKey({ is: 'public', point: bytes });
  if (name !== 'ECDH' || format !== 'pkcs8') throw new TypeError(`no ${format} key of ${name} here`);
  const ecdh = createECDH(CURVE);
  ecdh.setPrivateKey(bytes.subarray(PKCS8_HEAD.length, PKCS8_HEAD.length + NUMBER));
  return asKey({ is: 'private', ecdh });
}

function exportKey(format: string, key: CryptoKey): ArrayBuffer {
  const held = heldIn(key);
  if (held.is === 'public' && format === 'raw') return bufferOf(held.point);
  if (held.is !== 'private' || format !== 'pkcs8') throw new TypeError(`no ${format} of this key`);
  const number = held.ecdh.getPrivateKey();
  const whole = Buffer.alloc(NUMBER);
  number.copy(whole, NUMBER - number.length);
  return bufferOf(Buffer.concat([PKCS8_HEAD, whole, PKCS8_MIDDLE, held.ecdh.getPublicKey()]));
}

function generateKey(): CryptoKeyPair {
  const ecdh = createECDH(CURVE);
  ecdh.setPrivateKey(crypto.getRandomValues(new Uint8Array(NUMBER)));
  return {
    privateKey: asKey({ is: 'private', ecdh }),
    publicKey: asKey({ is: 'public', point: ecdh.getPublicKey() }),
  };
}

type Derivation =
  | { readonly name: 'ECDH'; readonly public: CryptoKey }
  | { readonly name: 'HKDF'; readonly salt: BufferSource; readonly info: BufferSource };

function deriveBits(how: Derivation, key: CryptoKey, bits: number): ArrayBuffer {
  if (how.name === 'HKDF')
    return hkdfSync('sha256', rawOf(key), bytesOf(how.salt), bytesOf(how.info), bits / 8);
  const own = heldIn(key);
  const other = heldIn(how.public);
  if (own.is !== 'private' || other.is !== 'public') throw new TypeError('not a pair of keys');
  return bufferOf(own.ecdh.computeSecret(other.point)).slice(0, bits / 8);
}

const digest = (_algorithm: string, data: BufferSource): ArrayBuffer =>
  bufferOf(createHash('sha256').update(bytesOf(data)).digest());

/** As a promise, also of what it throws. */
const later =
  <A extends readonly unknown[], R>(work: (...given: A) => R) =>
  (...given: A): Promise<R> =>
    new Promise((resolve) => resolve(work(...given)));

export const quickSubtle = {
  digest: later(digest),
  encrypt: later(encrypt),
  decrypt: later(decrypt),
  importKey: later(importKey),
  exportKey: later(exportKey),
  generateKey: later(generateKey),
  deriveBits: later(deriveBits),
};
