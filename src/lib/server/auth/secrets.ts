import { wardIdSchema, type WardId } from '$lib/domain/record/ids.ts';
import { sha256, toBase64url, utf8 } from '$lib/kernel/bytes.ts';
import type { Random } from '$lib/kernel/random.ts';

/** Bearer secrets are `<ward id>.<256 bits as base64url>`; only the SHA-256 of the whole is stored. */
const SECRET = /^([a-z0-9][a-z0-9-]{1,39})\.[A-Za-z0-9_-]{43}$/;

export function newSecret(ward: WardId, random: Random): string {
  return `${ward}.${toBase64url(random.bytes(32))}`;
}

/** A secret that whoever knows `seed` can work out again: how an answer is repeatable without being stored. */
export async function derivedSecret(ward: WardId, seed: string): Promise<string> {
  return `${ward}.${await sha256(utf8(seed))}`;
}

/** The ward a secret says it is of: a claim that only opens the look-up. Null: not one of our secrets. */
export function wardOfSecret(secret: string): WardId | null {
  const ward = SECRET.exec(secret)?.[1];
  return ward === undefined ? null : wardIdSchema.parse(ward);
}

/** What lies in the database instead of a secret. */
export function hashSecret(secret: string): Promise<string> {
  return sha256(utf8(secret));
}
