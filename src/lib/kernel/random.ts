/** Where unpredictable bytes come from: WebCrypto in production, a seed in tests. */
export interface Random {
  /** Fresh array of `length` random bytes. */
  bytes(length: number): Uint8Array<ArrayBuffer>;
}
