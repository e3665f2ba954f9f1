import type { Actor } from '../../domain/people/roles.ts';
import type { Account } from '../../protocol/enrol.ts';

/** Who acts, as the server told it last. */
export function actorOf(account: Account): Omit<Actor, 'replica'> {
  const { person, role, ward, grant, mustPass } = account;
  return { person, role, ward, grant, mustPass, teams: account.teams.map((team) => team.id) };
}
