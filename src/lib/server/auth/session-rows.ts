import type { Role } from '$lib/domain/people/roles.ts';
import type { DeviceId, GrantId, PersonId, TeamId, WardId } from '$lib/domain/record/ids.ts';
import type { Transaction } from '../database/pool.ts';

/** What a session is bound to: an enrolled device, or the mark of an office browser. */
export type SessionPlace =
  | { readonly device: DeviceId; readonly markHash: null; readonly keyMark: string | null }
  | { readonly device: null; readonly markHash: string; readonly keyMark?: null };

export interface NewSession {
  readonly ward: WardId;
  readonly tokenHash: string;
  readonly sessionId: string;
  readonly person: PersonId;
  readonly grant: GrantId;
  readonly place: SessionPlace;
  readonly beganAt: Date;
  readonly expiresAt: Date;
}

/** A session with the authority behind it, as it stands at this moment. */
export interface LiveSession {
  readonly sessionId: string;
  readonly ward: WardId;
  readonly person: PersonId;
  readonly grant: GrantId;
  readonly role: Role;
  readonly teams: readonly TeamId[];
  readonly mustPass: boolean;
  readonly device: DeviceId | null;
  readonly markHash: string | null;
  /** Of the data key that the device has vouched for: rows come down under no other. */
  readonly keyMark: string | null;
  readonly expiresAt: Date;
  readonly mustChangePassword: boolean;
}

export async function insertSession(tx: Transaction, session: NewSession): Promise<void> {
  const { ward, tokenHash, sessionId, person, grant, place, beganAt, expiresAt } = session;
  await tx`
    insert into session (ward_id, token_hash, session_id, person_id, grant_id, device_id, mark_hash, key_mark, epoch, began_at, expires_at)
    values (${ward}, ${tokenHash}, ${sessionId}, ${person}, ${grant}, ${place.device}, ${place.markHash}, ${place.keyMark ?? null},
      (select epoch_id from epoch order by place desc limit 1), ${beganAt}, ${expiresAt})`;
}

interface Row {
  session_id: string;
  person_id: PersonId;
  grant_id: GrantId;
  role: Role;
  teams: TeamId[];
  must_pass: boolean;
  device_id: DeviceId | null;
  mark_hash: string | null;
  key_mark: string | null;
  expires_at: Date;
  must_change: boolean | null;
}

/**
 * The session if it still counts: neither ended nor past its lifetime, its grant still running, its device not
 * revoked, the epoch the one it began in. One statement, asked on every request: sign-out, revocation and a changed role work at once, on all nodes.
 */
export async function readLiveSession(
  tx: Transaction,
  ward: WardId,
  tokenHash: string,
  now: Date,
): Promise<LiveSession | null> {
  const [row] = await tx<Row[]>`
    select s.session_id, s.person_id, s.grant_id, g.role, g.teams, g.must_pass, s.device_id, s.mark_hash, s.key_mark, s.expires_at,
      case when s.mark_hash is null then false else c.must_change end as must_change
    from session s
    join access_grant g on g.ward_id = s.ward_id and g.grant_id = s.grant_id and g.ended_at is null
    left join device d on d.ward_id = s.ward_id and d.person_id = s.person_id and d.device_id = s.device_id
    left join credential c on c.ward_id = s.ward_id and c.person_id = s.person_id
    where s.ward_id = ${ward} and s.token_hash = ${tokenHash} and s.ended_at is null and s.expires_at > ${now}
      and s.epoch is not distinct from (select epoch_id from epoch order by place desc limit 1)
      and (s.device_id is null or (d.device_id is not null and d.revoked_at is null))`;
  if (row === undefined) return null;
  return {
    sessionId: row.session_id,
    ward,
    person: row.person_id,
    grant: row.grant_id,
    role: row.role,
    teams: row.teams,
    mustPass: row.must_pass,
    device: row.device_id,
    markHash: row.mark_hash,
    keyMark: row.key_mark,
    expiresAt: row.expires_at,
    mustChangePassword: row.must_change ?? false,
  };
}

/** Which sessions end: one, all of a person, or all of a person on one device. */
export type SessionChoice =
  | { readonly tokenHash: string }
  | { readonly person: PersonId; readonly device?: DeviceId; readonly except?: string };

export async function endSessions(
  tx: Transaction,
  ward: WardId,
  which: SessionChoice,
  now: Date,
): Promise<void> {
  if ('tokenHash' in which) {
    await tx`
      update session set ended_at = ${now}
      where ward_id = ${ward} and token_hash = ${which.tokenHash} and ended_at is null`;
    return;
  }
  await tx`
    update session set ended_at = ${now}
    where ward_id = ${ward} and person_id = ${which.person} and ended_at is null
      and (${which.device ?? null}::uuid is null or device_id = ${which.device ?? null}::uuid)
      and token_hash <> ${which.except ?? ''}`;
}
