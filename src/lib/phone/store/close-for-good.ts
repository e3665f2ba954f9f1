import type { AccountTables } from './account-tables.ts';
import { readMeta, writeMeta } from './meta.ts';

/**
 * Of a revoked phone: from now on nothing is saved here. False, and nothing has changed: a save that the server has not
 * taken is still here, so it is sent first.
 */
export function closeForGood(tables: AccountTables): PromiseLike<boolean> {
  return tables.transaction('rw', [tables.meta, tables.outbox], async () => {
    if ((await tables.outbox.where('phase').equals('unsent').count()) > 0) return false;
    const contact = await readMeta(tables, 'contact');
    await writeMeta(tables, 'revoked', { at: contact?.lastSuccessAt ?? 0 });
    return true;
  });
}
