import type { Role } from '$lib/domain/people/roles.ts';
import type { GrantId, PersonId, TeamId, WardId } from '$lib/domain/record/ids.ts';
import { uuidv7 } from '$lib/kernel/uuid.ts';
import type { Transaction } from '../database/pool.ts';
import type { AuthContext } from './auth-context.ts';

/** Transfer: what was made under the grant is honoured. Revocation: it goes to quarantine. */
export type GrantEnd = 'transfer' | 'revocation';

/** One role of one person in one ward over one stretch of time. */
export interface Grant {
  readonly ward: WardId;
  readonly id: GrantId;
  readonly person: PersonId;
  readonly role: Role;
  readonly teams: readonly TeamId[];
  readonly mustPass: boolean;
  /** Null while it runs. */
  readonly ended: GrantEnd | null;
}

interface GrantRow {
  ward_id: string;
  grant_id: string;
  person_id: string;
  role: string;
  teams: string[];
  must_pass: boolean;
  ended_how: GrantEnd | null;
}

/** The table's own checks and this file's writers vouch for the shapes. */
function toGrant(row: GrantRow): Grant {
  return {
    ward: row.ward_id as WardId,
    id: row.grant_id as GrantId,
    person: row.person_id as PersonId,
    role: row.role as Role,
    teams: row.teams as TeamId[],
    mustPass: row.must_pass,
    ended: row.ended_how,
  };
}

/** The grants of these ids, ended ones too: a mutation is judged under the grant it was made under. */
export async function readGrants(
  tx: Transaction,
  ward: WardId,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Grant>> {
  if (ids.length === 0) return new Map();
  const rows = await tx<GrantRow[]>`
    select ward_id, grant_id, person_id, role, teams, must_pass, ended_how
    from access_grant where ward_id = ${ward} and grant_id in ${tx([...ids])}`;
  return new Map(rows.map((row) => [row.grant_id, toGrant(row)]));
}

/** The grant a person acts under now, or null. */
export async function presentGrant(tx: Transaction, ward: WardId, person: PersonId): Promise<Grant | null> {
  const [row] = await tx<GrantRow[]>`
    select ward_id, grant_id, person_id, role, teams, must_pass, ended_how
    from access_grant where ward_id = ${ward} and person_id = ${person} and ended_at is null`;
  return row === undefined ? null : toGrant(row);
}

/**
 * Holds a person's grants until the transaction ends. What changes their devices, replicas and invitations together asks
 * for this first: enrolling and revoking lock those in different orders, and would wait for one another.
 */
export async function lockPerson(tx: Transaction, ward: WardId, person: PersonId): Promise<void> {
  await tx`
    select 1 from access_grant where ward_id = ${ward} and person_id = ${person} order by grant_id for update`;
}

/** A person's running grant, or else the one that ended last; null when there never was any. */
export async function lastGrant(tx: Transaction, ward: WardId, person: PersonId): Promise<Grant | null> {
  const [row] = await tx<GrantRow[]>`
    select ward_id, grant_id, person_id, role, teams, must_pass, ended_how
    from access_grant where ward_id = ${ward} and person_id = ${person}
    order by ended_at is null desc, ended_at desc limit 1`;
  return row === undefined ? null : toGrant(row);
}

export interface NewGrant {
  readonly ward: WardId;
  readonly person: PersonId;
  readonly role: Role;
  readonly teams: readonly TeamId[];
  readonly mustPass?: boolean;
}

/** Begins a grant. The person's running one must have ended. */
export async function beginGrant(
  tx: Transaction,
  context: Pick<AuthContext, 'clock' | 'random'>,
  grant: NewGrant,
): Promise<GrantId> {
  const id = uuidv7(context.clock, context.random) as GrantId;
  await tx`
    insert into access_grant (ward_id, grant_id, person_id, role, teams, must_pass, began_at)
    values (${grant.ward}, ${id}, ${grant.person}, ${grant.role}, ${tx.array([...grant.teams])}::text[],
      ${grant.mustPass ?? true}, ${new Date(context.clock.now())})`;
  return id;
}

/** Ends the running grant of a person, and with it every session: they are checked against it on each request. */
export async function endGrant(
  tx: Transaction,
  context: Pick<AuthContext, 'clock'>,
  who: { readonly ward: WardId; readonly person: PersonId },
  how: GrantEnd,
): Promise<void> {
  await tx`
    update access_grant set ended_at = ${new Date(context.clock.now())}, ended_how = ${how}
    where ward_id = ${who.ward} and person_id = ${who.person} and ended_at is null`;
}
