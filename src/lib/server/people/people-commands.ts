import { can } from '$lib/domain/people/permissions.ts';
import { type Actor, OFFICE_ROLES, type Role } from '$lib/domain/people/roles.ts';
import type { PersonId, RowId, TeamId } from '$lib/domain/record/ids.ts';
import type { Change, RefusalCode } from '$lib/domain/record/mutation.ts';
import { err, ok, type Result } from '$lib/kernel/result.ts';
import { cleanText } from '$lib/kernel/text/clean-text.ts';
import { uuidv7 } from '$lib/kernel/uuid.ts';
import { normaliseLogin } from '../auth/credential-rows.ts';
import type { GrantEnd } from '../auth/grant-rows.ts';
import type { Transaction } from '../database/pool.ts';
import { alignGrant } from './align-grant.ts';
import { type DrawnPassword, drawPassword, giveLogin, LoginTaken } from './first-login.ts';
import { hasAdministrator, LastAdministrator } from './last-administrator.ts';
import { type PeopleContext, save, type Saved, setFields, type Shown } from './people-save.ts';

export type PeopleError =
  | {
      readonly kind:
        | 'not_allowed'
        | 'name_empty'
        | 'name_too_long'
        | 'login_invalid'
        | 'login_taken'
        | 'last_administrator';
    }
  | { readonly kind: 'refused'; readonly code: RefusalCode };

export interface NewPerson {
  readonly name: string;
  readonly role: Role;
  readonly teams: readonly TeamId[];
  /** For office roles; null: none yet. */
  readonly login: string | null;
}

export interface PersonAdded {
  readonly person: PersonId;
  /** Shown once, changed at the first sign-in; null without a login. */
  readonly firstPassword: string | null;
}

const NAME_MOST = 120;

function readName(typed: string): Result<string, PeopleError> {
  const cleaned = cleanText(typed, { most: NAME_MOST, lines: 'one' });
  if (!cleaned.ok) return err({ kind: 'name_too_long' });
  return cleaned.value === '' ? err({ kind: 'name_empty' }) : cleaned;
}

/** What rolled a save back, as a value. Anything else is a bug. */
function asError(error: unknown): PeopleError {
  if (error instanceof LoginTaken) return { kind: 'login_taken' };
  if (error instanceof LastAdministrator) return { kind: 'last_administrator' };
  throw error;
}

/** The login that was asked for, with a password to be shown once; null: none wanted, or the role needs none. */
async function drawLogin(
  context: PeopleContext,
  given: NewPerson,
): Promise<Result<DrawnPassword | null, PeopleError>> {
  if (given.login === null || !OFFICE_ROLES.includes(given.role)) return ok(null);
  const login = normaliseLogin(given.login);
  return login === null ? err({ kind: 'login_invalid' }) : ok(await drawPassword(context, login));
}

/** Writes a person with their grant and, where wanted, a login: one transaction, one mutation. */
export async function addPerson(
  context: PeopleContext,
  actor: Actor,
  given: NewPerson,
): Promise<Result<PersonAdded, PeopleError>> {
  if (!can(actor, 'people.manage', 'ward')) return err({ kind: 'not_allowed' });
  const name = readName(given.name);
  if (!name.ok) return name;
  const drawn = await drawLogin(context, given);
  if (!drawn.ok) return drawn;
  const credential = drawn.value;
  const person = uuidv7(context.clock, context.random) as PersonId;
  const { role, teams } = given;
  const change: Change = {
    row: 'person',
    id: person as string as RowId,
    create: true,
    set: setFields({ name: name.value, role, teams: [...teams], active: true }, {}),
  };
  const also = async (tx: Transaction): Promise<void> => {
    await alignGrant(tx, context, { ward: actor.ward, person, by: actor.person });
    if (credential !== null)
      await giveLogin(tx, context, { ward: actor.ward, person, by: actor.person }, credential);
  };
  try {
    const saved = await save(context, actor, { kind: 'person.add', change, also });
    return saved.ok ? ok({ person, firstPassword: credential?.password ?? null }) : saved;
  } catch (error) {
    return err(asError(error));
  }
}

export interface PersonChange {
  readonly person: PersonId;
  readonly name?: string;
  readonly role?: Role;
  readonly teams?: readonly TeamId[];
  readonly active?: boolean;
  /** For somebody who leaves: honour what still arrives from them (transfer), or quarantine it (revocation). */
  readonly ending?: GrantEnd;
  /** The stamps that the form was rendered with. */
  readonly shown: Shown;
}

/** Changes a person; authority follows the row in the same transaction. The last administrator stays one. */
export async function changePerson(
  context: PeopleContext,
  actor: Actor,
  given: PersonChange,
): Promise<Result<Saved, PeopleError>> {
  if (!can(actor, 'people.manage', 'ward')) return err({ kind: 'not_allowed' });
  const name = given.name === undefined ? null : readName(given.name);
  if (name?.ok === false) return name;
  const { person, role, teams, active } = given;
  const fields = {
    ...(name === null ? {} : { name: name.value }),
    ...(role === undefined ? {} : { role }),
    ...(teams === undefined ? {} : { teams: [...teams] }),
    ...(active === undefined ? {} : { active }),
  };
  const change: Change = {
    row: 'person',
    id: person as string as RowId,
    set: setFields(fields, given.shown),
  };
  const also = async (tx: Transaction): Promise<void> => {
    await alignGrant(tx, context, { ward: actor.ward, person, by: actor.person }, given.ending);
    if (!(await hasAdministrator(tx, actor.ward))) throw new LastAdministrator();
  };
  try {
    return await save(context, actor, { kind: 'person.change', change, also });
  } catch (error) {
    return err(asError(error));
  }
}
