import * as z from 'zod/mini';
import { type Bytes, toBase64url, utf8 } from '../kernel/bytes.ts';
import { canonicalJson } from '../kernel/json.ts';
import { replicaIdSchema, wardIdSchema } from '../domain/record/ids.ts';
import { envelopeSchema, keyEnvelopeSchema } from './envelope.ts';

/** `POST /api/sync` with this content type: somebody else's unsent file, carried unread and unaltered. */
export const UNSENT_CONTENT_TYPE = 'application/vnd.xks.unsent+json';

const content = {
  format: z.literal('xks-unsent'),
  v: z.literal(1),
  ward: wardIdSchema,
  /** The owner's phone database. */
  replica: replicaIdSchema,
  /** What waits, in seq order: the same bytes as in the outbox. */
  envelopes: z.array(envelopeSchema).check(z.minLength(1), z.maxLength(5000)),
  keys: z.array(keyEnvelopeSchema).check(z.maxLength(20)),
} as const;

/** What a phone without a way to the network hands over as a file. */
export type UnsentContent = Omit<UnsentFile, 'mac'>;

export const unsentFileSchema = z.strictObject({
  ...content,
  /** HMAC-SHA-256 over {@link unsentText}, keyed by the owner's token hash, base64url. The token itself is never inside. */
  mac: z.string().check(z.maxLength(60)),
});
export type UnsentFile = z.infer<typeof unsentFileSchema>;

/** What the carrier hears; outcomes are the owner's alone. */
export const UNSENT_PROBLEMS = ['unknown_owner', 'altered', 'gap', 'forked'] as const;
export const unsentAnswerSchema = z.strictObject({
  problem: z.nullable(z.enum(UNSENT_PROBLEMS)),
  /** Of the envelopes in the file, how many the server has now taken (earlier deliveries included). */
  taken: z.int(),
});
export type UnsentAnswer = z.infer<typeof unsentAnswerSchema>;

/** The one text of a file's content. */
export function unsentText(file: UnsentContent): string {
  const { format, v, ward, replica, envelopes, keys } = file;
  return canonicalJson([format, v, ward, replica, envelopes, keys]);
}

/** `tokenHash`: SHA-256 of the owner's whole delivery token, base64url (what the server keeps). */
export async function unsentMac(tokenHash: string, file: UnsentContent): Promise<string> {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('raw', utf8(tokenHash), algorithm, false, ['sign']);
  const text: Bytes = utf8(`xks:unsent:1|${unsentText(file)}`);
  return toBase64url(new Uint8Array(await crypto.subtle.sign('HMAC', key, text)));
}
