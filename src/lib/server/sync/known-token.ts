import type { SyncStore } from './store.ts';
import { tokenHash } from './token-hash.ts';
import { wardOfToken } from './ward-of-token.ts';

const KEPT = 10_000;
const met = new WeakMap<SyncStore, Set<string>>();

/**
 * Whether a body that comes with this token is worth reading at all: a stranger's four megabytes are neither unpacked
 * nor parsed. Tokens met once are remembered, so a phone's rounds cost nothing more; what a token may do is asked anew
 * in every round.
 */
export async function isKnownToken(store: SyncStore, token: string | null): Promise<boolean> {
  const ward = wardOfToken(token);
  if (ward === null || token === null) return false;
  const hash = tokenHash(token);
  const known = met.get(store) ?? new Set();
  met.set(store, known);
  if (known.has(hash)) return true;
  if ((await store.read(ward, (tx) => tx.replicaByToken(hash))) === null) return false;
  if (known.size >= KEPT) known.clear();
  known.add(hash);
  return true;
}
