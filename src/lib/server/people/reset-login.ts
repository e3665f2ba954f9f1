import { can } from '$lib/domain/people/permissions.ts';
import { type Actor, OFFICE_ROLES } from '$lib/domain/people/roles.ts';
import type { PersonId } from '$lib/domain/record/ids.ts';
import { err, ok, type Result } from '$lib/kernel/result.ts';
import type { AuthContext } from '../auth/auth-context.ts';
import { normaliseLogin } from '../auth/credential-rows.ts';
import { presentGrant } from '../auth/grant-rows.ts';
import { inTransaction } from '../database/transaction.ts';
import { drawPassword, giveLogin, LoginTaken } from './first-login.ts';

export type ResetError = {
  readonly kind: 'not_allowed' | 'unknown_person' | 'login_invalid' | 'login_taken';
};

/** An administrator gives an office role a login, or a new first password after a forgotten one. Shown once. */
export async function resetLogin(
  context: AuthContext,
  actor: Actor,
  person: PersonId,
  login: string,
): Promise<Result<{ readonly login: string; readonly firstPassword: string }, ResetError>> {
  if (!can(actor, 'people.manage', 'ward')) return err({ kind: 'not_allowed' });
  const name = normaliseLogin(login);
  if (name === null) return err({ kind: 'login_invalid' });
  const drawn = await drawPassword(context, name);
  const { ward } = actor;
  try {
    return await inTransaction(context.database, { wards: [ward], actor: actor.person }, async (tx) => {
      const grant = await presentGrant(tx, ward, person);
      if (grant === null || !OFFICE_ROLES.includes(grant.role)) return err({ kind: 'unknown_person' });
      await giveLogin(tx, context, { ward, person, by: actor.person }, drawn);
      return ok({ login: name, firstPassword: drawn.password });
    });
  } catch (error) {
    if (error instanceof LoginTaken) return err({ kind: 'login_taken' });
    throw error;
  }
}
