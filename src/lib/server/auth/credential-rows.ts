import type { PersonId, WardId } from '$lib/domain/record/ids.ts';
import type { Transaction } from '../database/pool.ts';
import { openDoor } from './door-rows.ts';
import { hashSecret } from './secrets.ts';

/** A login name: letters, digits, dot, dash, underscore; small letters. One meaning over all wards. */
const LOGIN = /^[a-z0-9][a-z0-9._-]{2,59}$/;

/** As it is stored and looked up; null when it cannot be one. */
export function normaliseLogin(typed: string): string | null {
  const login = typed.normalize('NFKC').trim().toLowerCase();
  return LOGIN.test(login) ? login : null;
}

export interface Credential {
  readonly passwordHash: string;
  readonly mustChange: boolean;
}

export async function readCredential(
  tx: Transaction,
  ward: WardId,
  person: PersonId,
): Promise<Credential | null> {
  const [row] = await tx<{ password_hash: string; must_change: boolean }[]>`
    select password_hash, must_change from credential where ward_id = ${ward} and person_id = ${person}`;
  return row === undefined ? null : { passwordHash: row.password_hash, mustChange: row.must_change };
}

export interface NewCredential {
  readonly ward: WardId;
  readonly person: PersonId;
  readonly login: string;
  readonly passwordHash: string;
  readonly mustChange: boolean;
  readonly now: Date;
}

/** Gives a person a login and password, or new ones. False: the login name is somebody else's. */
export async function writeCredential(tx: Transaction, given: NewCredential): Promise<boolean> {
  const { ward, person, login, passwordHash, mustChange, now } = given;
  if (!(await openDoor(tx, 'login', login, { ward, target: person }))) return false;
  await tx`
    delete from ward_door where ward_id = ${ward} and kind = 'login' and target = ${person}
      and hash <> ${await hashSecret(login)}`;
  await tx`
    insert into credential (ward_id, person_id, login, password_hash, must_change, changed_at)
    values (${ward}, ${person}, ${login}, ${passwordHash}, ${mustChange}, ${now})
    on conflict (ward_id, person_id) do update set login = excluded.login, password_hash = excluded.password_hash,
      must_change = excluded.must_change, changed_at = excluded.changed_at`;
  return true;
}

/** The owner's own new password. */
export async function changePasswordHash(
  tx: Transaction,
  who: { readonly ward: WardId; readonly person: PersonId },
  passwordHash: string,
  now: Date,
): Promise<void> {
  await tx`
    update credential set password_hash = ${passwordHash}, must_change = false, changed_at = ${now}
    where ward_id = ${who.ward} and person_id = ${who.person}`;
}
