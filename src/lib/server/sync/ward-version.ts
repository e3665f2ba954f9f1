import type { WardId } from '$lib/domain/record/ids.ts';
import type { Database } from '../database/pool.ts';
import { inTransaction } from '../database/transaction.ts';

/** Where these wards stand: a live page asks for the rest when its ward's number has grown. */
export async function wardVersions(
  database: Database,
  wards: readonly WardId[],
): Promise<ReadonlyMap<WardId, number>> {
  if (wards.length === 0) return new Map();
  const rows = await inTransaction(
    database,
    { wards },
    (tx) => tx<{ ward_id: WardId; version: number }[]>`
      select ward_id, version from ward_counter where ward_id in ${tx([...wards])}`,
    { readOnly: true },
  );
  return new Map(rows.map((row) => [row.ward_id, row.version]));
}
