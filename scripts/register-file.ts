import {
  loadRegister,
  mergeRegisters,
  readRegister,
  saveRegister,
  type RevocationRegister,
} from '../src/lib/server/backup/revocation-register.ts';
import type { Database } from '../src/lib/server/database/pool.ts';
import { inTransaction } from '../src/lib/server/database/transaction.ts';

/** What the tables tell of revocations and erasures, for all wards. `owner` must be a pool of the tables' owner. */
export async function presentRegister(owner: Database): Promise<RevocationRegister> {
  const wards = await owner.pool<{ ward_id: string }[]>`select ward_id from ward`;
  return await inTransaction(owner, { wards: wards.map((ward) => ward.ward_id) }, readRegister, {
    snapshot: true,
    readOnly: true,
  });
}

/** Adds the present state to the register files: what one of them knows and the tables have forgotten stays. */
export async function keepRegister(owner: Database, paths: readonly string[]): Promise<RevocationRegister> {
  const merged = mergeRegisters([...paths.map(loadRegister), await presentRegister(owner)]);
  for (const path of paths) saveRegister(path, merged);
  return merged;
}
