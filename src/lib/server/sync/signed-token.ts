import { z } from 'zod';
import { fromBase64url, textOf, toBase64url, utf8 } from '$lib/kernel/bytes.ts';
import type { ServerKeys } from '../keys/server-keys.ts';

/** So many epochs before the present one are named in a receipt. */
export const EPOCHS_NAMED = 16;

const count = z.number().int().nonnegative();

/** What the phone carries back as the newest sign of life: which commit of which epoch it has seen. */
const receiptSchema = z.strictObject({
  is: z.literal('receipt'),
  epoch: z.string(),
  ward: z.string(),
  replica: z.string(),
  lastSeq: count,
  /** The ward's version as of the answer, and that commit's mark. */
  version: count,
  mark: z.string(),
  /** The epochs before, see `epochsBefore`. */
  earlier: z.array(z.string()).max(EPOCHS_NAMED),
});
export type Receipt = z.infer<typeof receiptSchema>;

/** Where a reader stands in one bucket. */
const cursorSchema = z.strictObject({
  is: z.literal('cursor'),
  epoch: z.string(),
  ward: z.string(),
  person: z.string(),
  bucket: z.string(),
  /** Everything up to here has been given. */
  at: count,
  /** The commit as of which it was given. */
  version: count,
  mark: z.string(),
  /** A first pull under way: everything up to `upTo` comes by rank and id; `after` is the last one given. */
  first: z.nullable(
    z.strictObject({
      upTo: count,
      total: count,
      after: z.nullable(z.strictObject({ rank: count, id: z.string(), kind: z.string() })),
    }),
  ),
});
export type Cursor = z.infer<typeof cursorSchema>;

/** `<key id>.<payload>.<HMAC>`: read by the server alone. */
function sign(keys: ServerKeys, value: object): string {
  const text = `${keys.signingKeyId}.${toBase64url(utf8(JSON.stringify(value)))}`;
  return `${text}.${keys.sign(text)}`;
}

function read(keys: ServerKeys, token: string): unknown {
  const [keyId, payload, mac] = token.split('.');
  if (keyId !== keys.signingKeyId || payload === undefined || mac === undefined) return null;
  if (!keys.verify(`${keyId}.${payload}`, mac)) return null;
  const bytes = fromBase64url(payload);
  return bytes === null ? null : JSON.parse(textOf(bytes));
}

export function signReceipt(keys: ServerKeys, receipt: Receipt): string {
  return sign(keys, receipt);
}

export function signCursor(keys: ServerKeys, cursor: Cursor): string {
  return sign(keys, cursor);
}

/** Null: not signed by this server's key, or not a receipt. */
export function readReceipt(keys: ServerKeys, token: string): Receipt | null {
  const parsed = receiptSchema.safeParse(read(keys, token));
  return parsed.success ? parsed.data : null;
}

/** Null: not signed by this server's key, or not a cursor. */
export function readCursor(keys: ServerKeys, token: string): Cursor | null {
  const parsed = cursorSchema.safeParse(read(keys, token));
  return parsed.success ? parsed.data : null;
}
