import type { Database } from '../database/pool.ts';
import { inTransaction } from '../database/transaction.ts';
import type { SealedInDatabase } from './key-files.ts';

/** Whether anything in any ward is sealed under the server's keys. Asked once, before they are opened. */
export async function sealedInDatabase(database: Database): Promise<SealedInDatabase> {
  const wards = await inTransaction(
    database,
    { wards: [] },
    (tx) => tx<{ ward: string }[]>`select ward_ids() as ward`,
    { readOnly: true },
  );
  const scope = { wards: wards.map(({ ward }) => ward) };
  return inTransaction(
    database,
    scope,
    async (tx) => {
      const [found] = await tx<SealedInDatabase[]>`
        select exists (select 1 from resident_key where wrapped is not null) as residents,
               exists (select 1 from data_key) as phones`;
      return found ?? { residents: false, phones: false };
    },
    { readOnly: true },
  );
}
