import type { ReplicaId } from '../../domain/record/ids.ts';
import type { AccountTables } from './account-tables.ts';
import { readMeta, writeMeta } from './meta.ts';

/**
 * Gives the database a new replica id and token: everything unsettled goes on under it, in the order of saving, ids and
 * bytes unchanged. Part of the caller's transaction (meta, outbox).
 */
export async function forkReplica(tables: AccountTables, id: ReplicaId, token: string): Promise<void> {
  const before = await readMeta(tables, 'replica');
  const unsent = await tables.outbox.where('phase').equals('unsent').sortBy('place');
  await tables.outbox.bulkPut(unsent.map((entry, at) => ({ ...entry, replica: id, seq: at + 1 })));
  await writeMeta(tables, 'replica', {
    id,
    token,
    nextSeq: unsent.length + 1,
    nextPlace: before?.nextPlace ?? 1,
    heardTo: 0,
    rowsTo: 0,
  });
  await tables.meta.delete('nextReplica');
}
