import type { DeviceId, PersonId, ReplicaId, WardId } from '$lib/domain/record/ids.ts';
import type { Transaction } from '../database/pool.ts';

/** What the door needs to know of a phone's database. */
export interface ReplicaAtDoor {
  readonly person: PersonId;
  readonly device: DeviceId | null;
  readonly tokenHash: string;
  readonly previousTokenHash: string | null;
  readonly revokedAt: Date | null;
}

interface ReplicaRow {
  person_id: PersonId;
  device_id: DeviceId | null;
  token_hash: string;
  previous_token_hash: string | null;
  revoked_at: Date | null;
}

export async function readReplica(
  tx: Transaction,
  ward: WardId,
  replica: ReplicaId,
): Promise<ReplicaAtDoor | null> {
  const [row] = await tx<ReplicaRow[]>`
    select person_id, device_id, token_hash, previous_token_hash, revoked_at
    from replica where ward_id = ${ward} and replica_id = ${replica} for update`;
  if (row === undefined) return null;
  return {
    person: row.person_id,
    device: row.device_id,
    tokenHash: row.token_hash,
    previousTokenHash: row.previous_token_hash,
    revokedAt: row.revoked_at,
  };
}

export interface ReplicaRegistration {
  readonly ward: WardId;
  readonly replica: ReplicaId;
  readonly person: PersonId;
  readonly device: DeviceId | null;
  readonly tokenHash: string;
  readonly revokedAt: Date | null;
  readonly now: Date;
}

/**
 * Registers a replica, or gives a standing one its new token: the old token is honoured until the new one has been
 * used (the round forgets it then). Enrolling again lifts a revocation.
 */
export async function registerReplica(tx: Transaction, given: ReplicaRegistration): Promise<void> {
  await tx`
    insert into replica as r (ward_id, replica_id, person_id, device_id, token_hash, revoked_at, created_at)
    values (${given.ward}, ${given.replica}, ${given.person}, ${given.device}, ${given.tokenHash}, ${given.revokedAt}, ${given.now})
    on conflict (ward_id, replica_id) do update set
      device_id = excluded.device_id, revoked_at = excluded.revoked_at,
      previous_token_hash = case when r.token_hash = excluded.token_hash then r.previous_token_hash else r.token_hash end,
      token_hash = excluded.token_hash`;
}

/** How many databases a person's device has registered lately. */
export async function replicasSince(
  tx: Transaction,
  ward: WardId,
  of: { readonly person: PersonId; readonly device: DeviceId | null },
  since: Date,
): Promise<number> {
  const [row] = await tx<{ n: number }[]>`
    select count(*)::int as n from replica
    where ward_id = ${ward} and person_id = ${of.person} and device_id is not distinct from ${of.device} and created_at > ${since}`;
  return row?.n ?? 0;
}

/** Whose token it is; locks nothing. */
export async function personOfToken(
  tx: Transaction,
  ward: WardId,
  tokenHash: string,
): Promise<PersonId | null> {
  const [row] = await tx<{ person: PersonId }[]>`
    select person_id as person from replica
    where ward_id = ${ward} and (token_hash = ${tokenHash} or previous_token_hash = ${tokenHash})`;
  return row?.person ?? null;
}

/** The replica a delivery token belongs to; the token before the present one counts until that has been used. */
export async function replicaOfToken(
  tx: Transaction,
  ward: WardId,
  tokenHash: string,
): Promise<(ReplicaAtDoor & { readonly replica: ReplicaId }) | null> {
  const [row] = await tx<{ replica_id: ReplicaId }[]>`
    select replica_id from replica
    where ward_id = ${ward} and (token_hash = ${tokenHash} or previous_token_hash = ${tokenHash})`;
  if (row === undefined) return null;
  const replica = await readReplica(tx, ward, row.replica_id);
  return replica === null ? null : { ...replica, replica: row.replica_id };
}
