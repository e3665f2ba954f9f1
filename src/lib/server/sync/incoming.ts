import { createHash } from 'node:crypto';
import type { MutationId } from '$lib/domain/record/ids.ts';
import { type Mutation, MUTATION_KINDS, mutationSchema } from '$lib/domain/record/mutation.ts';
import type { Bytes } from '$lib/kernel/bytes.ts';
import type { Json } from '$lib/kernel/json.ts';
import type { Envelope } from '$lib/protocol/envelope.ts';
import { unsealValues, type RowValues } from './unseal.ts';

/** What an envelope's text turned out to be. Each one is read by itself: a bad one spoils nothing beside it. */
export type Reading =
  | { readonly is: 'mutation'; readonly mutation: Mutation }
  /** A format or intent of a newer release: kept, and judged by that release. */
  | { readonly is: 'unknown_kind'; readonly kind: string }
  | { readonly is: 'malformed' }
  /** An empty envelope: its seq was given up. */
  | { readonly is: 'given_up' };

/** The personal part: none, opened, or not to be opened with any key known here. */
export type Personal =
  | { readonly is: 'none' }
  | { readonly is: 'open'; readonly values: RowValues; readonly masked: boolean }
  | { readonly is: 'unopenable' };

/** An envelope read and unsealed, before any lock is taken. */
export interface Incoming {
  readonly envelope: Envelope;
  readonly hash: string;
  readonly reading: Reading;
  readonly personal: Personal;
}

const KINDS: readonly string[] = MUTATION_KINDS;

/** Reads the plain part. `id` stands on the envelope and must be the one inside. */
export function readPlain(plain: string, id: MutationId): Reading {
  if (plain === '') return { is: 'given_up' };
  let parsed: unknown;
  try {
    parsed = JSON.parse(plain);
  } catch {
    return { is: 'malformed' };
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return { is: 'malformed' };
  if (!isTame(parsed as Json, DEPTH)) return { is: 'malformed' };
  const { v, kind } = parsed as { v?: unknown; kind?: unknown };
  if (typeof v !== 'number' || typeof kind !== 'string' || kind.length > 60) return { is: 'malformed' };
  if (v !== 1) return { is: 'unknown_kind', kind: `v${String(v)}:${kind}` };
  if (!KINDS.includes(kind)) return { is: 'unknown_kind', kind };
  const mutation = mutationSchema.safeParse(parsed);
  if (!mutation.success || mutation.data.id !== id) return { is: 'malformed' };
  return { is: 'mutation', mutation: mutation.data };
}

/** A mutation of ours is six deep; a bomb of brackets would break whoever walks it. */
const DEPTH = 16;

/** PostgreSQL's text holds neither NUL nor halves of surrogate pairs. */
function isStorable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}

/** Shallow, storable, and without `__proto__`, which JSON.parse makes a property like any other. */
function isTame(value: Json, depth: number): boolean {
  if (typeof value === 'string') return isStorable(value);
  if (value === null || typeof value !== 'object') return true;
  if (depth === 0) return false;
  if (Array.isArray(value)) return value.every((item: Json) => isTame(item, depth - 1));
  return Object.entries(value as { readonly [key: string]: Json }).every(
    ([key, item]) => key !== '__proto__' && isStorable(key) && isTame(item, depth - 1),
  );
}

/** As `hashEnvelope` of the protocol, but at once: a thousand come in one request, and WebCrypto makes each of them wait. */
export function hashAtOnce({ plain, sealed }: Pick<Envelope, 'plain' | 'sealed'>): string {
  return createHash('sha256')
    .update(plain, 'utf8')
    .update('\0')
    .update(sealed ?? '', 'utf8')
    .digest('base64url');
}

/** Reads and opens one envelope. `keyOf` gives a phone's data key, or null. */
export async function readIncoming(
  envelope: Envelope,
  account: string,
  keyOf: (key: string) => Promise<Bytes | null>,
): Promise<Incoming> {
  const hash = hashAtOnce(envelope);
  const reading = readPlain(envelope.plain, envelope.id);
  const { sealed, key } = envelope;
  if (sealed === null) return { envelope, hash, reading, personal: { is: 'none' } };
  const raw = key === null ? null : await keyOf(key);
  const personal = raw === null ? null : unsealValues(raw, { ...envelope, sealed }, account);
  return { envelope, hash, reading, personal: personal ?? { is: 'unopenable' } };
}
