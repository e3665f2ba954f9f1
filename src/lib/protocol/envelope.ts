import * as z from 'zod/mini';
import { type Bytes, concatBytes, sha256, utf8 } from '../kernel/bytes.ts';
import { mutationIdSchema, replicaIdSchema } from '../domain/record/ids.ts';

const base64url = z.string().check(z.regex(/^[A-Za-z0-9_-]*$/));

/** Ids of data keys and delivery keys. */
const keyId = z.string().check(z.regex(/^[A-Za-z0-9_-]{1,60}$/));

/**
 * One saved mutation as it lies in the outbox, on the wire and in the unsent file: the same bytes in all three.
 * Replica and seq stand beside the bytes that are hashed, so that a fork can send them again under another replica.
 */
export const envelopeSchema = z.strictObject({
  /** Gapless within its replica, from 1. */
  seq: z.int().check(z.gte(1)),
  id: mutationIdSchema,
  /** The exact text of the plain part (JSON of `mutationSchema`). Never altered once it exists. */
  plain: z.string(),
  /** The personal part, sealed under `key`; null when there is none. */
  sealed: z.nullable(base64url),
  /** Id of the phone's data key; null when nothing is sealed. */
  key: z.nullable(keyId),
});
export type Envelope = z.infer<typeof envelopeSchema>;

/** A phone's data key sealed to the server's delivery key: travels with each delivery that uses it. */
export const keyEnvelopeSchema = z.strictObject({
  /** The data key's id. */
  key: keyId,
  /** Id of the server's delivery key it is sealed to. */
  to: keyId,
  box: base64url,
});
export type KeyEnvelope = z.infer<typeof keyEnvelopeSchema>;

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

/** Binds a data key's envelope to the account and device it was made on. */
export function keyAad(account: string, device: string, key: string): Bytes {
  return utf8(`xks:data-key:1|${account}|${device}|${key}`);
}

export const replicaOnWire = replicaIdSchema;
