import { type AccountTables, CODE_VERSION } from './account-tables.ts';
import { readMeta } from './meta.ts';
import { Abort, type StorageFault } from './storage-fault.ts';

/**
 * First line of every writing transaction: a tab of an older build must not write into a database that a newer one
 * has taken over (Dexie would let it). Its transaction ends with `newer_app`; what was typed stays on its screen.
 */
export async function guardCode(tables: AccountTables, mine: number = CODE_VERSION): Promise<void> {
  const code = await readMeta(tables, 'code');
  if (code !== undefined && code.version > mine) throw new Abort<StorageFault>({ kind: 'newer_app' });
}
