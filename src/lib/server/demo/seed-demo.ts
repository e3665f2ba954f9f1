import { logMutation } from '$lib/domain/assist/log-mutation.ts';
import { FIELD_ROLES } from '$lib/domain/people/roles.ts';
import type { GrantId, MutationId, PersonId, RowId, TeamId, WardId } from '$lib/domain/record/ids.ts';
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

/** Makes the demo wards with their people and weeks of work, all through the doors that people and phones use. */
export async function seedDemoWard(
  context: PeopleContext,
  data: DemoData,
  subjects: DemoSubjects,
  progress: (done: number, all: number) => void,
): Promise<void> {
  const random = seededRandom(20_261_122);
  for (const ward of data.wards) {
    const made = await makePeople(context, ward);
    if (made === null) continue;
    const plan = {
      ...made,
      ...subjects,
      words: data,
      weeks: ward.weeks,
      assistsPerWeek: ward.assistsPerWeek,
      now: context.clock.now(),
    };
    const items = await itemsOf(context, ward.id, demoAssists(plan, random), random);
    for (let at = 0; at < items.length; at += PIECE) {
      const outcomes = await applyOfficeMutations(context.office, ward.id, items.slice(at, at + PIECE));
      const bad = outcomes.find(({ is }) => is !== 'applied');
      if (bad !== undefined) throw new Error(`the demo ward was not taken: ${JSON.stringify(bad)}`);
      progress(Math.min(at + PIECE, items.length), items.length);
    }
  }
}

async function makePeople(context: PeopleContext, ward: DemoWard) {
  const { id, name, word, province, unitCode } = ward;
  const administrator = ward.people.find(({ role }) => role === 'administrator');
  const first = { name: administrator?.name ?? name, login: null };
  const made = await makeWard(context, { ward: id, name, word, province, unitCode, demo: true }, first);
  if (!made.ok) return null;
  const admin = made.value.administrator;
  const teams: TeamId[] = [];
  for (const team of ward.teams) teams.push(sure(await addTeam(context, admin, { name: team })) as TeamId);
  const neighbourhoods: RowId[] = [];
  for (const [at, place] of ward.neighbourhoods.entries()) {
    const team = teams[at % teams.length] ?? null;
    neighbourhoods.push(
      sure(
        await addNeighbourhood(context, admin, { name: place, word: ward.neighbourhoodWord, team }),
      ) as RowId,
    );
  }
  const authors: DemoAuthor[] = [];
  for (const person of ward.people) {
    if (person === administrator) continue;
    const theirs = person.teams.flatMap((index) => teams[index] ?? []);
    const added = sure(
      await addPerson(context, admin, { name: person.name, role: person.role, teams: theirs, login: null }),
    );
    const [team] = theirs;
    if (team === undefined || !FIELD_ROLES.includes(person.role)) continue;
    authors.push({ person: added.person, team, desk: person.role === 'clerk' });
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
