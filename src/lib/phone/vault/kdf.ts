import type { Bytes } from '../../kernel/bytes.ts';

/** How a PIN becomes a key. Recorded beside what it wraps, so that stronger ones can follow. */
export interface KdfParameters {
  readonly algorithm: 'argon2id';
  readonly version: 1;
  readonly memoryKiB: number;
  readonly passes: number;
  readonly lanes: number;
  /** Base64url, 16 bytes. */
  readonly salt: string;
}

/** OWASP's least for Argon2id; about 0.4 s on this class of phone. wasm runs one lane at a time, so one is all. */
export const KDF_STRENGTH = {
  algorithm: 'argon2id',
  version: 1,
  memoryKiB: 19_456,
  passes: 2,
  lanes: 1,
} as const;

/** Argon2id, wherever it runs. Takes about half a second on a cheap phone: never on the page's own thread. */
export interface Kdf {
  /** 32 bytes. Rejects only when the machinery fails (no memory, worker not loaded): that is no wrong PIN. */
  derive(secret: Bytes, parameters: KdfParameters): Promise<Bytes>;
}
