import type { Role } from '$lib/domain/people/roles.ts';
import type { PersonId, TeamId, WardId } from '$lib/domain/record/ids.ts';
import type { AuthContext } from '../auth/auth-context.ts';
import { recordAuthEvent } from '../auth/auth-events.ts';
import { beginGrant, endGrant, type Grant, type GrantEnd, presentGrant } from '../auth/grant-rows.ts';
import { endSessions } from '../auth/session-rows.ts';
import type { Transaction } from '../database/pool.ts';

interface Standing {
  readonly role: Role;
  readonly teams: readonly TeamId[];
  readonly active: boolean;
}

async function standingPerson(tx: Transaction, ward: WardId, person: PersonId): Promise<Standing | null> {
  const [row] = await tx<Standing[]>`
    select role, active, array(select jsonb_array_elements_text(body #> '{fields,teams}')) as teams
    from person where ward_id = ${ward} and id = ${person}`;
  return row ?? null;
}

function sameAuthority(grant: Grant, standing: Standing): boolean {
  const teams = new Set(grant.teams);
  return (
    grant.role === standing.role &&
    teams.size === standing.teams.length &&
    standing.teams.every((team) => teams.has(team))
  );
}

/**
 * Makes the running grant what the person's row says, in the transaction that wrote the row: a changed role or team is a
 * new grant (what was made under the old one is honoured), somebody who is no longer active has none. Sessions of an
 * ended grant are over. `how`: what a leaver's unsent records are worth.
 */
export async function alignGrant(
  tx: Transaction,
  context: Pick<AuthContext, 'clock' | 'random'>,
  who: { readonly ward: WardId; readonly person: PersonId; readonly by: PersonId },
  how: GrantEnd = 'transfer',
): Promise<void> {
  const { ward, person, by } = who;
  const standing = await standingPerson(tx, ward, person);
  const grant = await presentGrant(tx, ward, person);
  if (standing === null) return;
  if (grant !== null && standing.active && sameAuthority(grant, standing)) return;
  const now = new Date(context.clock.now());
  if (grant !== null) {
    const ending = standing.active ? 'transfer' : how;
    await endGrant(tx, context, { ward, person }, ending);
    await endSessions(tx, ward, { person }, now);
    const detail = { grant: grant.id, how: ending };
    await recordAuthEvent(tx, context, { ward, what: 'grant_ended', person, actor: by, detail });
  }
  if (!standing.active) return;
  const { role, teams } = standing;
  const id = await beginGrant(tx, context, { ward, person, role, teams, mustPass: grant?.mustPass ?? true });
  await recordAuthEvent(tx, context, {
    ward,
    what: 'grant_began',
    person,
    actor: by,
    detail: { grant: id, role },
  });
}
