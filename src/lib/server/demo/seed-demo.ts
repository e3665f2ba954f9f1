import { logMutation } from '$lib/domain/assist/log-mutation.ts';
import { type Actor, FIELD_ROLES } from '$lib/domain/people/roles.ts';
import type {
  GrantId,
  MutationId,
  PersonId,
  ReplicaId,
  RowId,
  TeamId,
  WardId,
} from '$lib/domain/record/ids.ts';
import type { Mutation } from '$lib/domain/record/mutation.ts';
import { startOfDay } from '$lib/kernel/calendar/day.ts';
import type { Instant } from '$lib/kernel/clock.ts';
import { type SeededRandom, seededRandom } from '$lib/kernel/seeded-random.ts';
import { uuidv7 } from '$lib/kernel/uuid.ts';
import { presentGrant } from '../auth/grant-rows.ts';
import { inTransaction } from '../database/transaction.ts';
import { addPerson } from '../people/people-commands.ts';
import { makeWard } from '../people/new-ward.ts';
import type { PeopleContext } from '../people/people-save.ts';
import { addNeighbourhood, addTeam } from '../people/place-commands.ts';
import { applyOfficeMutations, type OfficeItem } from '../sync/office-door.ts';
import type { DemoData, DemoWard } from './demo-data.ts';
import { type DemoAssist, demoAssists, type DemoAuthor } from './demo-forms.ts';

export interface DemoSubjects {
  /** Ids in the procedure pack, the most used first; account help apart. */
  readonly procedures: readonly string[];
  readonly accounts: readonly string[];
}

/** Records of one commit, so that the ward's counter is never held for long. */
const PIECE = 100;
const MINUTE = 60_000;

/**
 * Makes the demo wards with their people and weeks of work, all through the doors that people and phones use. One that
 * was cut short is finished: its people are found again by their names, and each record has the id it had the first time.
 */
export async function seedDemoWard(
  context: PeopleContext,
  data: DemoData,
  subjects: DemoSubjects,
  progress: (done: number, all: number) => void,
): Promise<void> {
  const random = seededRandom(20_261_122);
  for (const ward of data.wards) {
    const found = await foundWard(context, ward);
    const made = await makePeople(context, ward, found.administrator);
    const plan = {
      ...made,
      ...subjects,
      words: data,
      weeks: ward.weeks,
      assistsPerWeek: ward.assistsPerWeek,
      now: found.at,
    };
    const items = await itemsOf(
      { ...context, clock: { now: () => found.at } },
      ward.id,
      demoAssists(plan, random),
      random,
    );
    for (let at = 0; at < items.length; at += PIECE) {
      const outcomes = await applyOfficeMutations(context.office, ward.id, items.slice(at, at + PIECE));
      const bad = outcomes.find(({ is }) => is !== 'applied');
      if (bad !== undefined) throw new Error(`the demo ward was not taken: ${JSON.stringify(bad)}`);
      progress(Math.min(at + PIECE, items.length), items.length);
    }
    await markLaid(context, ward.id);
  }
}

interface FoundWard {
  readonly administrator: Actor;
  /** Everything is dated from here, so that a second attempt makes the same records. */
  readonly at: Instant;
}

/** The ward with its administrator, made now or left by an attempt that was cut short. */
async function foundWard(context: PeopleContext, ward: DemoWard): Promise<FoundWard> {
  const { id, name, word, province, unitCode } = ward;
  const first = { name: administratorOf(ward)?.name ?? name, login: null };
  await makeWard(context, { ward: id, name, word, province, unitCode, demo: true }, first);
  return inTransaction(context.database, { wards: [id] }, async (tx) => {
    const [row] = await tx<{ created_at: Date; person: PersonId | null }[]>`
      select w.created_at, (select p.id from person p where p.ward_id = w.ward_id and p.role = 'administrator' limit 1) as person
      from ward w where w.ward_id = ${id} and w.demo`;
    const grant = row?.person == null ? null : await presentGrant(tx, id, row.person);
    if (row === undefined || grant === null) throw new Error('a ward of this name is no demo ward');
    const { person, role, teams, mustPass } = grant;
    const actor: Actor = {
      person,
      role,
      ward: id,
      teams,
      grant: grant.id,
      mustPass,
      replica: grant.id as string as ReplicaId,
    };
    return { administrator: actor, at: row.created_at.getTime() };
  });
}

function markLaid(context: PeopleContext, ward: WardId): Promise<unknown> {
  return inTransaction(
    context.database,
    { wards: [ward] },
    (tx) => tx`update ward set laid_at = ${new Date(context.clock.now())} where ward_id = ${ward}`,
  );
}

const administratorOf = (ward: DemoWard) => ward.people.find(({ role }) => role === 'administrator');

/** Name → id, of what an earlier attempt has made. */
async function standing<Id extends string>(
  context: PeopleContext,
  ward: WardId,
  kind: 'team' | 'neighbourhood' | 'person',
): Promise<ReadonlyMap<string, Id>> {
  const rows = await inTransaction(
    context.database,
    { wards: [ward] },
    (tx) => tx<{ id: Id; name: string }[]>`select id, name from ${tx(kind)} where ward_id = ${ward}`,
  );
  return new Map(rows.map(({ id, name }) => [name, id]));
}

async function makePeople(context: PeopleContext, ward: DemoWard, admin: Actor) {
  const known = {
    teams: await standing<TeamId>(context, ward.id, 'team'),
    places: await standing<RowId>(context, ward.id, 'neighbourhood'),
    people: await standing<PersonId>(context, ward.id, 'person'),
  };
  const teams: TeamId[] = [];
  for (const name of ward.teams)
    teams.push(known.teams.get(name) ?? (sure(await addTeam(context, admin, { name })) as TeamId));
  const neighbourhoods: RowId[] = [];
  for (const [at, name] of ward.neighbourhoods.entries()) {
    const place = { name, word: ward.neighbourhoodWord, team: teams[at % teams.length] ?? null };
    neighbourhoods.push(
      known.places.get(name) ?? (sure(await addNeighbourhood(context, admin, place)) as RowId),
    );
  }
  const authors: DemoAuthor[] = [];
  for (const person of ward.people) {
    if (person === administratorOf(ward)) continue;
    const { name, role } = person;
    const theirs = person.teams.flatMap((index) => teams[index] ?? []);
    const given = { name, role, teams: theirs, login: null };
    const id = known.people.get(name) ?? sure(await addPerson(context, admin, given)).person;
    const [team] = theirs;
    if (team === undefined || !FIELD_ROLES.includes(role)) continue;
    authors.push({ person: id, team, desk: role === 'clerk' });
  }
  return { authors, neighbourhoods };
}

function sure<T>(
  result: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: unknown },
): T {
  if (!result.ok) throw new Error(`the demo ward was refused: ${JSON.stringify(result.error)}`);
  return result.value;
}

async function itemsOf(
  context: PeopleContext,
  ward: WardId,
  assists: readonly DemoAssist[],
  random: SeededRandom,
): Promise<OfficeItem[]> {
  const grants = new Map<PersonId, GrantId>();
  const grantOf = async (person: PersonId): Promise<GrantId> => {
    const known = grants.get(person);
    if (known !== undefined) return known;
    const grant = await inTransaction(context.database, { wards: [ward] }, (tx) =>
      presentGrant(tx, ward, person),
    );
    if (grant === null) throw new Error('a demo person has no grant');
    grants.set(person, grant.id);
    return grant.id;
  };
  const items: OfficeItem[] = [];
  for (const assist of assists) {
    const { person } = assist.author;
    const grant = await grantOf(person);
    const at = assist.form.occurredAt + (2 + random.below(5)) * MINUTE;
    const ids = () => uuidv7({ now: () => at }, random);
    const { mutation, personal } = logMutation(assist.form, { ids, at, ward, grant, author: person });
    items.push({ person, mutation, personal });
    items.push(
      ...sightingsOf(mutation, assist, random).map((later) => ({ person, mutation: later, personal: null })),
    );
  }
  return items.filter(({ mutation }) => mutation.at <= context.clock.now());
}

/** Each later look at the filing is one save of its own, on the morning it was seen. */
function sightingsOf(log: Mutation, assist: DemoAssist, random: SeededRandom): Mutation[] {
  const filing = log.changes.find(({ row }) => row === 'filing');
  if (filing === undefined) return [];
  return assist.sightings.map(({ status, day }): Mutation => {
    const at: Instant = startOfDay(day) + (8 * 60 + random.below(480)) * MINUTE;
    const sighting = { status, day, source: 'helper_saw', by: log.author };
    return {
      ...log,
      id: uuidv7({ now: () => at }, random) as MutationId,
      kind: 'filing.sight',
      at,
      changes: [{ row: 'filing', id: filing.id, add: { sightings: [sighting] } }],
    };
  });
}
