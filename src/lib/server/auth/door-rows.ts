import { type PersonId, type WardId, wardIdSchema } from '$lib/domain/record/ids.ts';
import type { Database, Transaction } from '../database/pool.ts';
import { inTransaction } from '../database/transaction.ts';
import { hashSecret } from './secrets.ts';

/** What can be looked up before the ward is known (see ward_door in 0003_auth.sql). */
export type DoorKind = 'code' | 'login' | 'device';

export interface Door {
  readonly ward: WardId;
  /** Invitation id for a code, person id for a login or a device. */
  readonly target: string;
}

/** The ward behind one exact key, or null. The only look-up that crosses wards. */
export async function findDoor(database: Database, kind: DoorKind, key: string): Promise<Door | null> {
  const hash = await hashSecret(key);
  const [row] = await inTransaction(
    database,
    { wards: [] },
    (tx) =>
      tx<{ ward_id: string; target: string }[]>`select ward_id, target from ward_behind(${kind}, ${hash})`,
    { readOnly: true },
  );
  return row === undefined ? null : { ward: wardIdSchema.parse(row.ward_id), target: row.target };
}

/** Opens a door. False when the key already leads somewhere else. */
export async function openDoor(
  tx: Transaction,
  kind: DoorKind,
  key: string,
  to: Door & { readonly expiresAt?: Date },
): Promise<boolean> {
  const hash = await hashSecret(key);
  const rows = await tx`
    insert into ward_door (kind, hash, ward_id, target, expires_at)
    values (${kind}, ${hash}, ${to.ward}, ${to.target}, ${to.expiresAt ?? null})
    on conflict (kind, hash) do nothing
    returning 1`;
  if (rows.length > 0) return true;
  const [same] = await tx`
    select 1 from ward_door where kind = ${kind} and hash = ${hash} and ward_id = ${to.ward} and target = ${to.target}`;
  return same !== undefined;
}

/** The key of a device's door: the same device may be enrolled for several accounts. */
export function deviceDoorKey(device: string, person: PersonId): string {
  return `${device}|${person}`;
}
