import type { AccountTables } from './account-tables.ts';
import type { MetaName, MetaShapes } from './stored.ts';

/** One of the single records of an account's database. */
export async function readMeta<N extends MetaName>(
  tables: AccountTables,
  name: N,
): Promise<MetaShapes[N] | undefined> {
  const record = await tables.meta.get(name);
  return record?.value as MetaShapes[N] | undefined;
}

export async function writeMeta<N extends MetaName>(
  tables: AccountTables,
  name: N,
  value: MetaShapes[N],
): Promise<void> {
  await tables.meta.put({ name, value });
}

/** Before the first answer of a server. */
export const NO_CONTACT: MetaShapes['contact'] = {
  lastSuccessAt: 0,
  skewMs: 0,
  problem: null,
  retryAfterS: 0,
  failures: 0,
};
