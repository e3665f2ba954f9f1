import { type Bytes, toBase64url, utf8 } from '../../kernel/bytes.ts';

const CURVE = { name: 'ECDSA', namedCurve: 'P-256' } as const;

export interface DeviceKeys {
  /** Raw point, base64url: registered at enrolment. */
  readonly publicKey: string;
  /** PKCS #8: sealed at once, then zeroed. */
  readonly pkcs8: Bytes;
}

export async function makeDeviceKeys(): Promise<DeviceKeys> {
  const pair = await crypto.subtle.generateKey(CURVE, true, ['sign', 'verify']);
  const [raw, pkcs8] = await Promise.all([
    crypto.subtle.exportKey('raw', pair.publicKey),
    crypto.subtle.exportKey('pkcs8', pair.privateKey),
  ]);
  return { publicKey: toBase64url(new Uint8Array(raw)), pkcs8: new Uint8Array(pkcs8) };
}

/** Takes the private half in, for signing only, and zeroes the bytes. */
export async function importSigner(pkcs8: Bytes): Promise<CryptoKey> {
  const key = await crypto.subtle.importKey('pkcs8', pkcs8, CURVE, false, ['sign']);
  pkcs8.fill(0);
  return key;
}

/** ECDSA P-256 with SHA-256 over the text (r‖s), base64url. */
export async function signText(signer: CryptoKey, text: string): Promise<string> {
  const signature = await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, signer, utf8(text));
  return toBase64url(new Uint8Array(signature));
}
