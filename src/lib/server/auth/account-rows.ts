import type { Actor } from '$lib/domain/people/roles.ts';
import type { PersonId, TeamId, WardId } from '$lib/domain/record/ids.ts';
import type { Account } from '$lib/protocol/enrol.ts';
import type { Transaction } from '../database/pool.ts';
import { inTransaction } from '../database/transaction.ts';
import type { AuthContext } from './auth-context.ts';
import { presentGrant } from './grant-rows.ts';

/** The account as its owner's screens show it; null when the person is not known or has no running grant. */
export async function readAccount(tx: Transaction, ward: WardId, person: PersonId): Promise<Account | null> {
  const grant = await presentGrant(tx, ward, person);
  if (grant === null) return null;
  const [row] = await tx<{ name: string; ward_name: string; word: string; demo: boolean }[]>`
    select p.name, w.name as ward_name, w.word, w.demo
    from person p join ward w on w.ward_id = p.ward_id
    where p.ward_id = ${ward} and p.id = ${person}`;
  if (row === undefined) return null;
  const teams =
    grant.teams.length === 0
      ? []
      : await tx<{ id: TeamId; name: string }[]>`
          select id, name from team where ward_id = ${ward} and id in ${tx([...grant.teams])} order by id`;
  return {
    person,
    name: row.name,
    ward,
    wardName: row.ward_name,
    wardWord: row.word,
    role: grant.role,
    teams: teams.map(({ id, name }) => ({ id, name })),
    grant: grant.id,
    mustPass: grant.mustPass,
    demo: row.demo,
  };
}

/** The same, for whoever asks about themselves. */
export function accountOf(
  context: Pick<AuthContext, 'database'>,
  actor: Pick<Actor, 'ward' | 'person'>,
): Promise<Account | null> {
  const { ward, person } = actor;
  return inTransaction(
    context.database,
    { wards: [ward], actor: person },
    (tx) => readAccount(tx, ward, person),
    {
      readOnly: true,
    },
  );
}
