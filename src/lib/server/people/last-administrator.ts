import type { WardId } from '$lib/domain/record/ids.ts';
import type { Transaction } from '../database/pool.ts';

/** Rolls back the save that would leave a ward without anybody who can let people in (A10). */
export class LastAdministrator extends Error {}

/** Asked after the change, in its transaction: somebody is still there. */
export async function hasAdministrator(tx: Transaction, ward: WardId): Promise<boolean> {
  const [row] = await tx`
    select 1 from access_grant where ward_id = ${ward} and role = 'administrator' and ended_at is null limit 1`;
  return row !== undefined;
}
