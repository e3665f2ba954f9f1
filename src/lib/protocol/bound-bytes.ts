import { type Bytes, concatBytes, sha256, utf8 } from '../kernel/bytes.ts';
import type { Envelope } from './envelope.ts';

/** Hash of the bytes as sent: plain, a zero byte, sealed. */
export function hashEnvelope(envelope: Pick<Envelope, 'plain' | 'sealed'>): Promise<string> {
  return sha256(concatBytes(utf8(envelope.plain), new Uint8Array(1), utf8(envelope.sealed ?? '')));
}

/** Binds a sealed part to its account, its mutation and the plain part it travels with. */
export async function sealedAad(account: string, mutation: string, plain: string): Promise<Bytes> {
  return utf8(`xks:mutation:1|${account}|${mutation}|${await sha256(utf8(plain))}`);
}

/** Binds a personal part that comes down to the account and the row it belongs to. */
export function rowAad(account: string, row: string, part: string): Bytes {
  return utf8(`xks:row:1|${account}|${row}|${part}`);
}

/** Names a data key by what it is: a device vouches for the key that its rows come down under. */
export function dataKeyMark(raw: Uint8Array): Promise<string> {
  return sha256(concatBytes(utf8('xks:data-key-mark:1|'), raw));
}

/** Binds a data key's envelope to the account and device it was made on. */
export function keyAad(account: string, device: string, key: string): Bytes {
  return utf8(`xks:data-key:1|${account}|${device}|${key}`);
}
