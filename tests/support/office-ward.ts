import type { PersonalValues } from '../../src/lib/domain/people/personal-fields.ts';
import type { Actor, Role } from '../../src/lib/domain/people/roles.ts';
import type { Mutation, Outcome } from '../../src/lib/domain/record/mutation.ts';
import { applyOfficeMutations } from '../../src/lib/server/sync/office-door.ts';
import { testDatabase } from './database.ts';
import type { PhoneIdentity } from './sync-phone.ts';
import { postgresServer } from './sync-postgres.ts';
import { WARD } from './sync-ward.ts';

export interface OfficeMember {
  readonly identity: PhoneIdentity;
  readonly actor: Actor;
}

/** A ward on real PostgreSQL, with what the office's pages read it through. */
export async function officeWard(seed: number) {
  const db = await testDatabase();
  const server = await postgresServer(db, seed);
  await server.foundWard(WARD);
  const { clock, random, keys } = server.world;
  const context = { database: db.web, clock, random, keys };
  const member = async (role: Role, team?: string, ward: string = WARD): Promise<OfficeMember> => {
    const identity = await server.person(ward, { role, ...(team === undefined ? {} : { team }) });
    const { person, grant, replica } = identity;
    const actor = { person, role, ward, teams: [identity.team], grant, replica, mustPass: true };
    return { identity, actor: actor as unknown as Actor };
  };
  /** Saves as if from a phone of that person; rows of one call are one commit. */
  const save = (
    by: OfficeMember,
    mutations: readonly Mutation[],
    personal: Readonly<Record<string, PersonalValues>> | null = null,
  ): Promise<readonly Outcome[]> =>
    applyOfficeMutations(
      server.world,
      by.actor.ward,
      mutations.map((mutation) => ({ person: by.actor.person, mutation, personal })),
    );
  return { db, server, context, people: { ...context, office: server.world }, member, save };
}
export type OfficeWard = Awaited<ReturnType<typeof officeWard>>;
