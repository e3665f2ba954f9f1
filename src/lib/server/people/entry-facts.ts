import { ROLES, type Role } from '$lib/domain/people/roles.ts';
import { type PersonId, type WardId, wardIdSchema } from '$lib/domain/record/ids.ts';
import type { EntryAnswer } from '$lib/protocol/enrol.ts';
import type { AppContext } from '../app-context.ts';
import { inTransaction } from '../database/transaction.ts';

/** The PIN that the demo sets in everybody's name, shown on the first page: its people are invented. */
export const DEMO_PIN = '246813';

type EntryContext = Pick<AppContext, 'database' | 'settings'>;

/** What any visitor may know of a unit. */
export interface FrontWard {
  readonly ward: WardId;
  readonly name: string;
  readonly word: string;
  readonly demo: boolean;
}

export async function wardsInFront(context: Pick<AppContext, 'database'>): Promise<readonly FrontWard[]> {
  const rows = await inTransaction(
    context.database,
    { wards: [] },
    (tx) => tx<{ ward_id: string; name: string; word: string; demo: boolean }[]>`
      select ward_id, name, word, demo from wards_in_front()`,
    { readOnly: true },
  );
  return rows.map(({ ward_id, ...rest }) => ({ ward: wardIdSchema.parse(ward_id), ...rest }));
}

interface DemoPerson {
  readonly person: PersonId;
  readonly name: string;
  readonly role: Role;
}

/** One person a role, the first that was entered. */
async function demoPeople(context: EntryContext, ward: WardId): Promise<DemoPerson[]> {
  const rows = await inTransaction(
    context.database,
    { wards: [ward] },
    (tx) => tx<DemoPerson[]>`
      select distinct on (g.role) p.id as person, p.name, g.role
      from person p
      join access_grant g on g.ward_id = p.ward_id and g.person_id = p.id and g.ended_at is null
      where p.ward_id = ${ward} and p.active
      order by g.role, p.version, p.id`,
    { readOnly: true },
  );
  return rows
    .map(({ person, name, role }) => ({ person, name, role }))
    .sort((a, b) => ROLES.indexOf(a.role) - ROLES.indexOf(b.role));
}

/** The ward that demo visitors enter; null unless the operator runs a demo. */
export async function demoWard(context: EntryContext): Promise<FrontWard | null> {
  if (context.settings.seed !== 'demo') return null;
  return (await wardsInFront(context)).find((ward) => ward.demo) ?? null;
}

/** `GET /api/entry`: the unit's name, and in a demo who can be tried. Nothing else is said to strangers. */
export async function entryFacts(context: EntryContext): Promise<EntryAnswer> {
  const demo = await demoWard(context);
  const [first] = demo === null ? await wardsInFront(context) : [demo];
  return {
    wardName: first?.name ?? '',
    wardWord: first?.word ?? '',
    demo: demo && { pin: DEMO_PIN, people: await demoPeople(context, demo.ward) },
  };
}
