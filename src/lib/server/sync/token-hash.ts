import { createHash } from 'node:crypto';

/** SHA-256 as base64url, at once: WebCrypto sends every one of a storm's thousand look-ups to another thread and back. */
export function tokenHash(token: string): string {
  return createHash('sha256').update(token, 'utf8').digest('base64url');
}
