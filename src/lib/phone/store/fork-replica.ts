import type { ReplicaId } from '../../domain/record/ids.ts';
import type { AccountTables } from './account-tables.ts';
import { readMeta, writeMeta } from './meta.ts';
import type { OutboxEntry } from './stored.ts';

/**
 * Without an outcome of this epoch; or applied, and its row has not come: that comes to the replica that brought it, and
 * to no other.
 */
function goesOn(entry: OutboxEntry, epoch: string | undefined): boolean {
  if (entry.came === 'pulled') return false;
  const rowless = entry.replay === 1 && entry.outcome?.is === 'applied';
  return entry.phase === 'unsent' || rowless || entry.ackedIn !== epoch;
}

/**
 * Gives the database a new replica id and token: everything unsettled goes on under it, in the order of saving, ids and
 * bytes unchanged. Part of the caller's transaction (meta, outbox).
 */
export async function forkReplica(tables: AccountTables, id: ReplicaId, token: string): Promise<void> {
  const before = await readMeta(tables, 'replica');
  const epoch = (await readMeta(tables, 'epoch'))?.id;
  const unsettled = await tables.outbox
    .orderBy('place')
    .filter((entry) => goesOn(entry, epoch))
    .toArray();
  await tables.outbox.bulkPut(
    unsettled.map((entry, at): OutboxEntry => {
      const fresh = { outcome: null, phase: 'unsent', ackedAt: 0, ackedIn: '' } as const;
      return { ...entry, ...fresh, replica: id, seq: at + 1 };
    }),
  );
  await writeMeta(tables, 'replica', {
    id,
    token,
    nextSeq: unsettled.length + 1,
    nextPlace: before?.nextPlace ?? 1,
    heardTo: 0,
    rowsTo: 0,
  });
  await tables.meta.delete('nextReplica');
}
