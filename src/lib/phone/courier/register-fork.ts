import { err, ok, type Result } from '../../kernel/result.ts';
import { replicaAnswerSchema } from '../../protocol/enrol.ts';
import { forkReplica } from '../store/fork-replica.ts';
import { guardCode } from '../store/code-guard.ts';
import { readMeta } from '../store/meta.ts';
import type { CourierTask, ExchangeFault } from './courier-world.ts';

export const REPLICA_PATH = '/api/replica';

/**
 * Our replica id is used by another phone (a copy), or misses a seq: the new id, stored before this, is registered with
 * the standing token and takes over what is unsettled. Repeatable: the same id gets the same token. Works while locked.
 */
export async function registerFork({ db, world }: CourierTask): Promise<Result<void, ExchangeFault>> {
  const next = await readMeta(db.strict, 'nextReplica');
  const standing = await readMeta(db.strict, 'replica');
  if (next === undefined || standing === undefined) return ok(undefined);
  const token = await askToken(world.fetch, standing.token, next.id);
  if (!token.ok) return token;
  const tables = db.strict;
  await tables.transaction('rw', [tables.meta, tables.outbox], async () => {
    await guardCode(tables);
    const still = await readMeta(tables, 'nextReplica');
    if (still?.id === next.id) await forkReplica(tables, next.id, token.value);
  });
  return ok(undefined);
}

async function askToken(
  fetch: CourierTask['world']['fetch'],
  token: string,
  replica: string,
): Promise<Result<string, ExchangeFault>> {
  try {
    const response = await fetch(REPLICA_PATH, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ replica }),
      redirect: 'error',
      cache: 'no-store',
      credentials: 'omit',
    });
    if (response.status === 401) return err({ kind: 'unknown_token' });
    if (!response.ok)
      return err({
        kind: response.status === 503 || response.status === 429 ? 'busy' : 'not_ours',
        afterMs: null,
      });
    const parsed = replicaAnswerSchema.safeParse(await response.json());
    if (!parsed.success || parsed.data.replica !== replica) return err({ kind: 'not_ours' });
    return ok(parsed.data.deliveryToken);
  } catch {
    return err({ kind: 'no_answer' });
  }
}
