import { can, mayInvite, relationToMember } from '$lib/domain/people/permissions.ts';
import type { Actor, Role } from '$lib/domain/people/roles.ts';
import type { DeviceId, PersonId, RowId, TeamId } from '$lib/domain/record/ids.ts';
import type { Clash, Row } from '$lib/domain/record/row.ts';
import type { AppContext } from '../app-context.ts';
import { mayRevoke } from '../auth/revoke-device.ts';
import type { Transaction } from '../database/pool.ts';
import { inTransaction } from '../database/transaction.ts';

type ListContext = Pick<AppContext, 'database'>;
/** Field → stamp, to be sent back with a change: what the form was rendered with. */
type Stamps = Row['stamps'];

/** Draining: shut out, and what it still holds has not been brought. */
export type DeviceState = 'active' | 'draining' | 'revoked';

/** Less than this is no wrong clock, only a slow line or a watch set by hand. */
export const SKEW_SHOWN_MS = 5 * 60_000;

export interface DeviceInList {
  readonly device: DeviceId;
  readonly label: string;
  readonly enrolledAt: Date;
  /** Newest of session and delivery; null: never since enrolment. */
  readonly lastSeenAt: Date | null;
  readonly revokedAt: Date | null;
  readonly state: DeviceState;
  readonly version: string | null;
  /** What its newest database still held at its last contact; null: it never said. */
  readonly unsent: number | null;
  /** How far its clock was from ours then; null: it never said, or not enough to matter. */
  readonly skewMs: number | null;
  /** How many saves the server has taken from this device's databases. */
  readonly received: number;
  readonly mayRevoke: boolean;
}

export interface PersonInList {
  readonly person: PersonId;
  readonly name: string;
  readonly role: Role;
  readonly teams: readonly TeamId[];
  readonly active: boolean;
  readonly login: string | null;
  readonly stamps: Stamps;
  readonly clashes: readonly Clash[];
  readonly mayInvite: boolean;
  /** Null: this actor may not see them. */
  readonly devices: readonly DeviceInList[] | null;
}

interface PersonRow {
  id: PersonId;
  body: {
    fields: { name: string; role: Role; teams: TeamId[]; active: boolean };
    stamps: Stamps;
    clashes: Clash[];
  };
  login: string | null;
}

interface DeviceRow {
  person_id: PersonId;
  device_id: DeviceId;
  label: string;
  enrolled_at: Date;
  seen_at: Date | null;
  revoked_at: Date | null;
  delivered_at: Date | null;
  app_version: string | null;
  unsent: number | null;
  skew_ms: number | null;
  received: number;
}

async function readDevices(tx: Transaction, ward: string): Promise<DeviceRow[]> {
  return tx<DeviceRow[]>`
    select d.person_id, d.device_id, d.label, d.enrolled_at, d.revoked_at,
      greatest(d.last_seen_at, max(r.last_seen_at)) as seen_at,
      max(r.last_seen_at) as delivered_at,
      (array_agg(r.app_version order by r.last_seen_at desc nulls last))[1] as app_version,
      (array_agg(r.unsent order by r.last_seen_at desc nulls last))[1] as unsent,
      (array_agg(r.skew_ms order by r.last_seen_at desc nulls last))[1] as skew_ms,
      coalesce(sum(r.last_seq), 0)::bigint as received
    from device d
    left join replica r on r.ward_id = d.ward_id and r.person_id = d.person_id and r.device_id = d.device_id
    where d.ward_id = ${ward}
    group by d.ward_id, d.person_id, d.device_id
    order by d.revoked_at is not null, seen_at desc nulls last`;
}

/** A revoked device has been emptied once it has come by since, and had nothing left to bring. */
function stateOf({ revoked_at, delivered_at, unsent }: DeviceRow): DeviceState {
  if (revoked_at === null) return 'active';
  const came = delivered_at !== null && delivered_at >= revoked_at;
  return came && (unsent ?? 0) === 0 ? 'revoked' : 'draining';
}

function toDevice(row: DeviceRow, revocable: boolean): DeviceInList {
  const { skew_ms } = row;
  return {
    device: row.device_id,
    label: row.label,
    enrolledAt: row.enrolled_at,
    lastSeenAt: row.seen_at,
    revokedAt: row.revoked_at,
    state: stateOf(row),
    version: row.app_version,
    unsent: row.unsent,
    skewMs: skew_ms !== null && Math.abs(skew_ms) >= SKEW_SHOWN_MS ? skew_ms : null,
    received: row.received,
    mayRevoke: revocable && row.revoked_at === null,
  };
}

/** The ward's people, with the devices of those whose devices the actor may see. Empty without `people.read`. */
export async function listPeople(context: ListContext, actor: Actor): Promise<readonly PersonInList[]> {
  if (!can(actor, 'people.read', 'ward')) return [];
  const { ward } = actor;
  const [people, devices] = await inTransaction(
    context.database,
    { wards: [ward], actor: actor.person },
    async (tx) =>
      [
        await tx<PersonRow[]>`
        select p.id, p.body, c.login from person p
        left join credential c on c.ward_id = p.ward_id and c.person_id = p.id
        where p.ward_id = ${ward}`,
        await readDevices(tx, ward),
      ] as const,
    { readOnly: true, snapshot: true },
  );
  return people.map(({ id: person, body: { fields, stamps, clashes }, login }) => {
    const { name, role, teams, active } = fields;
    const member = { ward, person, role, teams };
    const visible = can(actor, 'device.read', relationToMember(actor, member));
    const revocable = mayRevoke(actor, member);
    const own = devices.filter((device) => device.person_id === person);
    return {
      person,
      name,
      role,
      teams,
      active,
      login: can(actor, 'people.manage', 'ward') ? login : null,
      stamps,
      clashes,
      mayInvite: active && mayInvite(actor, member),
      devices: visible ? own.map((device) => toDevice(device, revocable)) : null,
    };
  });
}

export interface TeamInList {
  readonly team: TeamId;
  readonly name: string;
  readonly active: boolean;
  readonly stamps: Stamps;
}

export interface NeighbourhoodInList {
  readonly neighbourhood: RowId;
  readonly name: string;
  readonly word: string;
  readonly team: TeamId | null;
  readonly active: boolean;
  readonly stamps: Stamps;
}

interface Place<Fields> {
  id: string;
  body: { fields: Fields; stamps: Stamps };
}

async function readPlaces<Fields>(context: ListContext, actor: Actor, kind: 'team' | 'neighbourhood') {
  if (!can(actor, 'people.read', 'ward')) return [];
  return inTransaction(
    context.database,
    { wards: [actor.ward], actor: actor.person },
    (tx) => tx<Place<Fields>[]>`
      select id, body from ${tx(kind)} where ward_id = ${actor.ward} order by name, id`,
    { readOnly: true },
  );
}

export async function listTeams(context: ListContext, actor: Actor): Promise<readonly TeamInList[]> {
  const rows = await readPlaces<{ name: string; active: boolean }>(context, actor, 'team');
  return rows.map(({ id, body }) => ({ team: id as TeamId, ...body.fields, stamps: body.stamps }));
}

export async function listNeighbourhoods(
  context: ListContext,
  actor: Actor,
): Promise<readonly NeighbourhoodInList[]> {
  type Fields = Pick<NeighbourhoodInList, 'name' | 'word' | 'team' | 'active'>;
  const rows = await readPlaces<Fields>(context, actor, 'neighbourhood');
  return rows.map(({ id, body }) => ({ neighbourhood: id as RowId, ...body.fields, stamps: body.stamps }));
}
