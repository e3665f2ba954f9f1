import { judgePassword, type PasswordJudgement } from '$lib/domain/people/password-rule.ts';
import { err, ok, type Result } from '$lib/kernel/result.ts';
import { inTransaction } from '../database/transaction.ts';
import { readAccount } from './account-rows.ts';
import type { AuthContext } from './auth-context.ts';
import { recordAuthEvent } from './auth-events.ts';
import { changePasswordHash, readCredential } from './credential-rows.ts';
import type { CurrentSession } from './current-session.ts';
import { beginOfficeSession, type OfficeEvent, officeHome } from './office-session.ts';
import { hashPassword, passwordFits } from './password-hash.ts';
import { endSessions } from './session-rows.ts';

export type PasswordProblem =
  Exclude<PasswordJudgement, 'ok'> | 'same_as_before' | 'not_repeated' | 'no_session';

export interface PasswordForm {
  readonly password: string;
  readonly again: string;
}

async function factsAbout(context: AuthContext, session: CurrentSession) {
  const { ward, person } = session.actor;
  return inTransaction(
    context.database,
    { wards: [ward], actor: person },
    async (tx) => {
      const [login] = await tx<{ login: string }[]>`
      select login from credential where ward_id = ${ward} and person_id = ${person}`;
      const account = await readAccount(tx, ward, person);
      const credential = await readCredential(tx, ward, person);
      return { words: [login?.login ?? '', account?.name ?? '', account?.wardName ?? ''], credential };
    },
    { readOnly: true },
  );
}

/** The owner puts a password of their own in place of one that was given to them: every session ends, this browser gets a new one. */
export async function changePassword(
  context: AuthContext,
  event: OfficeEvent,
  session: CurrentSession | null,
  form: PasswordForm,
): Promise<Result<{ readonly to: string }, PasswordProblem>> {
  if (session?.live.mustChangePassword !== true) return err('no_session');
  const { ward, person, role, grant } = session.actor;
  const { words, credential } = await factsAbout(context, session);
  if (credential === null) return err('no_session');
  const judged = judgePassword(form.password, words);
  if (judged !== 'ok') return err(judged);
  if (form.password.normalize('NFC') !== form.again.normalize('NFC')) return err('not_repeated');
  if (await passwordFits(credential.passwordHash, form.password)) return err('same_as_before');
  const passwordHash = await hashPassword(form.password);
  await inTransaction(context.database, { wards: [ward], actor: person }, async (tx) => {
    const now = new Date(context.clock.now());
    await changePasswordHash(tx, { ward, person }, passwordHash, now);
    await endSessions(tx, ward, { person }, now);
    await recordAuthEvent(tx, context, { ward, what: 'password_changed', person });
  });
  await beginOfficeSession(context, event, { ward, person, id: grant });
  return ok({ to: officeHome(role) });
}
