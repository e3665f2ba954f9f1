import * as z from 'zod/mini';
import { mutationIdSchema } from '../domain/record/ids.ts';

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
