import type { Actor } from '$lib/domain/people/roles.ts';
import type { GrantId, PersonId, ReplicaId, RowId, WardId } from '$lib/domain/record/ids.ts';
import { err, ok, type Result } from '$lib/kernel/result.ts';
import { uuidv7 } from '$lib/kernel/uuid.ts';
import { recordAuthEvent } from '../auth/auth-events.ts';
import { normaliseLogin } from '../auth/credential-rows.ts';
import { findDoor } from '../auth/door-rows.ts';
import type { Transaction } from '../database/pool.ts';
import { inTransaction } from '../database/transaction.ts';
import { drawPassword, giveLogin } from './first-login.ts';
import { type PeopleContext, save, setFields } from './people-save.ts';

export interface NewWard {
  readonly ward: WardId;
  readonly name: string;
  /** phường, xã or đặc khu. */
  readonly word: string;
  readonly province: string;
  readonly unitCode: string | null;
  readonly demo: boolean;
}

export interface FirstAdministrator {
  readonly name: string;
  /** Null: none (a demo is entered by one click). */
  readonly login: string | null;
}

export interface WardMade {
  readonly administrator: Actor;
  readonly firstPassword: string | null;
}

export type NewWardError = { readonly kind: 'ward_exists' | 'login_invalid' | 'login_taken' };

/** Whose ward it was to be, when its making was cut short before they had a row; null: it stands. */
async function unfinished(tx: Transaction, { ward }: NewWard, actor: Actor): Promise<Actor | null> {
  const [row] = await tx<{ person_id: PersonId; grant_id: GrantId }[]>`
    select person_id, grant_id from access_grant g where ward_id = ${ward} and ended_at is null
      and not exists (select from person p where p.ward_id = g.ward_id)`;
  return row === undefined ? null : { ...actor, person: row.person_id, grant: row.grant_id };
}

/** The ward, its counter and its administrator's grant; returns whose it is, null when there is one already. */
async function writeWard(context: PeopleContext, given: NewWard, actor: Actor): Promise<Actor | null> {
  return inTransaction(context.database, { wards: [given.ward], actor: actor.person }, async (tx) => {
    const now = new Date(context.clock.now());
    const made = await tx`
      insert into ward (ward_id, name, word, province, unit_code, demo, created_at)
      values (${given.ward}, ${given.name}, ${given.word}, ${given.province}, ${given.unitCode}, ${given.demo}, ${now})
      on conflict (ward_id) do nothing returning 1`;
    if (made.length === 0) return unfinished(tx, given, actor);
    await tx`insert into ward_counter (ward_id) values (${given.ward}) on conflict do nothing`;
    const { ward, person } = actor;
    await tx`
      insert into access_grant (ward_id, grant_id, person_id, role, teams, began_at)
      values (${ward}, ${actor.grant}, ${person}, 'administrator', '{}', ${now})`;
    await recordAuthEvent(tx, context, {
      ward,
      what: 'grant_began',
      person,
      detail: { grant: actor.grant, role: 'administrator' },
    });
    return actor;
  });
}

/**
 * Makes a ward with its first administrator, who is the author of their own row: from here on everything goes through
 * the door. For `npm run admin` and the demo's seed.
 */
export async function makeWard(
  context: PeopleContext,
  given: NewWard,
  first: FirstAdministrator,
): Promise<Result<WardMade, NewWardError>> {
  const login = first.login === null ? null : normaliseLogin(first.login);
  if (first.login !== null && login === null) return err({ kind: 'login_invalid' });
  if (login !== null && (await findDoor(context.database, 'login', login)) !== null)
    return err({ kind: 'login_taken' });
  const { clock, random } = context;
  const grant = uuidv7(clock, random) as GrantId;
  const replica = uuidv7(clock, random) as ReplicaId;
  const wanted: Actor = {
    person: uuidv7(clock, random) as PersonId,
    role: 'administrator',
    ward: given.ward,
    teams: [],
    grant,
    replica,
    mustPass: true,
  };
  const drawn = login === null ? null : await drawPassword(context, login);
  const actor = await writeWard(context, given, wanted);
  if (actor === null) return err({ kind: 'ward_exists' });
  const { person } = actor;
  const fields = { name: first.name, role: 'administrator', teams: [], active: true };
  const id = person as string as RowId;
  const change = { row: 'person', id, create: true, set: setFields(fields, {}) } as const;
  const saved = await save(context, actor, {
    kind: 'person.add',
    change,
    also: async (tx) => {
      if (drawn !== null) await giveLogin(tx, context, { ward: given.ward, person, by: person }, drawn);
    },
  });
  if (!saved.ok) throw new Error(`the first administrator was refused: ${saved.error.code}`);
  return ok({ administrator: actor, firstPassword: drawn?.password ?? null });
}
