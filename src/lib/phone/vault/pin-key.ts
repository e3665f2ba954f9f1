import { type AesKey, importAesKey } from '../../kernel/crypto/aes-gcm.ts';
import { type Bytes, utf8 } from '../../kernel/bytes.ts';
import type { Kdf } from './kdf.ts';
import type { VaultRecord } from './vault-record.ts';

/** The device's own secret: usable here, not readable from here. */
export function makeDeviceSecret(): Promise<CryptoKey> {
  return crypto.subtle.generateKey({ name: 'HMAC', hash: 'SHA-256', length: 256 }, false, ['sign']);
}

/** PIN and device secret → Argon2id → the key that wraps the data keys. What can be zeroed is. */
export async function derivePinKey(
  pin: string,
  vault: Pick<VaultRecord, 'person' | 'secret' | 'kdf'>,
  kdf: Kdf,
): Promise<AesKey> {
  const text = utf8(`xks:pin:1|${vault.person}|${pin}`);
  const mixed: Bytes = new Uint8Array(await crypto.subtle.sign('HMAC', vault.secret, text));
  text.fill(0);
  const raw = await kdf.derive(mixed, vault.kdf);
  mixed.fill(0);
  const key = await importAesKey(raw);
  raw.fill(0);
  return key;
}
