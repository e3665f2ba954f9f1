import { logMutation } from '../../src/lib/domain/assist/log-mutation.ts';
import type { Actor } from '../../src/lib/domain/people/roles.ts';
import type { GrantId, PersonId, TeamId, WardId } from '../../src/lib/domain/record/ids.ts';
import { uuidv7 } from '../../src/lib/kernel/uuid.ts';
import { DEFAULT_UNIT } from '../../src/lib/messages/locale.ts';
import type { AppContext } from '../../src/lib/server/app-context.ts';
import { presentGrant } from '../../src/lib/server/auth/grant-rows.ts';
import { writeInvitation } from '../../src/lib/server/auth/invitation.ts';
import { inTransaction } from '../../src/lib/server/database/transaction.ts';
import { makeWard } from '../../src/lib/server/people/new-ward.ts';
import { addPerson } from '../../src/lib/server/people/people-commands.ts';
import type { PeopleContext } from '../../src/lib/server/people/people-save.ts';
import { addTeam } from '../../src/lib/server/people/place-commands.ts';
import { applyOfficeMutations, type OfficeItem } from '../../src/lib/server/sync/office-door.ts';
import { syncContext } from '../../src/lib/server/sync/sync-context.ts';
import { noteOf } from '../phone/note-text.ts';

/** A ward with its teams, made through the doors that administrators use. */
export interface BenchWard {
  readonly ward: WardId;
  readonly administrator: Actor;
  readonly teams: readonly TeamId[];
}

/** Somebody of a ward's team, with the grant they act under. */
export interface BenchPerson {
  readonly ward: WardId;
  readonly team: TeamId;
  readonly person: PersonId;
  readonly grant: GrantId;
}

export type BenchContext = AppContext & PeopleContext;

export async function benchContext(context: AppContext): Promise<BenchContext> {
  return { ...context, office: await syncContext(context) };
}

function sure<T>(
  result: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: unknown },
): T {
  if (!result.ok) throw new Error(`refused: ${JSON.stringify(result.error)}`);
  return result.value;
}

export async function newWard(context: BenchContext, name: string, teamCount = 1): Promise<BenchWard> {
  const ward = name as WardId;
  const given = { ward, name: 'Bench', word: DEFAULT_UNIT, province: 'Bench', unitCode: null, demo: false };
  const { administrator } = sure(await makeWard(context, given, { name: 'Administrator', login: null }));
  const teams: TeamId[] = [];
  for (let at = 1; at <= teamCount; at++)
    teams.push(sure(await addTeam(context, administrator, { name: `Team ${at}` })) as TeamId);
  return { ward, administrator, teams };
}

/** A helper sees what is theirs, a team lead what is the team's. */
export async function newPerson(
  context: BenchContext,
  ward: BenchWard,
  at = 0,
  role: 'helper' | 'team_lead' = 'helper',
): Promise<BenchPerson> {
  const team = ward.teams[at % ward.teams.length];
  if (team === undefined) throw new Error('no team');
  const given = { name: 'Helper', role, teams: [team], login: null } as const;
  const { person } = sure(await addPerson(context, ward.administrator, given));
  const grant = await inTransaction(context.database, { wards: [ward.ward] }, (tx) =>
    presentGrant(tx, ward.ward, person),
  );
  if (grant === null) throw new Error('no grant');
  return { ward: ward.ward, team, person, grant: grant.id };
}

/** A code as a team lead's QR holds it. */
export async function invite(context: BenchContext, { ward, person }: BenchPerson): Promise<string> {
  const { code } = await inTransaction(context.database, { wards: [ward], actor: person }, (tx) =>
    writeInvitation(tx, context, { ward, person, by: person }),
  );
  return code;
}

/** Visits of the last thirty days, as somebody else's phone would have brought them. */
export async function seedVisits(
  context: BenchContext,
  author: BenchPerson,
  count: number,
  from: number,
): Promise<void> {
  const PIECE = 500;
  for (let done = 0; done < count; done += PIECE) {
    const items = Array.from({ length: Math.min(PIECE, count - done) }, (_, at) =>
      visitOf(context, author, from + done + at),
    );
    const outcomes = await applyOfficeMutations(context.office, author.ward, items);
    const bad = outcomes.find(({ is }) => is !== 'applied');
    if (bad !== undefined) throw new Error(`not seeded: ${JSON.stringify(bad)}`);
  }
}

export function visitOf(context: BenchContext, author: BenchPerson, at: number): OfficeItem {
  const now = context.clock.now() - 1000;
  const { ward, grant, person, team } = author;
  const form = {
    team,
    performedBy: [person],
    occurredAt: now - ((at * 7_919) % (29 * 86_400)) * 1000,
    channel: 'door' as const,
    subject: 'other',
    outcome: 'guided_only' as const,
    accountStep: null,
    reason: null,
    typedBy: 'resident' as const,
    minutes: 10 + (at % 30),
    satisfaction: 3 as const,
    neighbourhood: null,
    personal: { note: noteOf(at) },
    filings: [],
    consent: null,
  };
  const ids = (): string => uuidv7({ now: () => now }, context.random);
  const { mutation, personal } = logMutation(form, { ids, at: now, ward, grant, author: person });
  return { person, mutation, personal };
}
