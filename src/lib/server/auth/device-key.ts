import { fromBase64url, utf8 } from '$lib/kernel/bytes.ts';

const CURVE = { name: 'ECDSA', namedCurve: 'P-256' } as const;
/** Raw uncompressed point; raw r|s signature (IEEE P1363), as WebCrypto makes it. */
const POINT = 65;
const SIGNATURE = 64;

async function importDeviceKey(publicKey: string): Promise<CryptoKey | null> {
  const point = fromBase64url(publicKey);
  if (point?.length !== POINT) return null;
  try {
    return await crypto.subtle.importKey('raw', point, CURVE, false, ['verify']);
  } catch {
    return null;
  }
}

/** Whether this text is a point on the curve. */
export async function isDeviceKey(publicKey: string): Promise<boolean> {
  return (await importDeviceKey(publicKey)) !== null;
}

/** ECDSA P-256 with SHA-256 over the text. */
export async function verifiesDevice(publicKey: string, text: string, signature: string): Promise<boolean> {
  const key = await importDeviceKey(publicKey);
  const bytes = fromBase64url(signature);
  if (key === null || bytes?.length !== SIGNATURE) return false;
  return crypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, key, bytes, utf8(text));
}
