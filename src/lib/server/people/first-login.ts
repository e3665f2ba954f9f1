import type { PersonId, WardId } from '$lib/domain/record/ids.ts';
import type { AuthContext } from '../auth/auth-context.ts';
import { recordAuthEvent } from '../auth/auth-events.ts';
import { writeCredential } from '../auth/credential-rows.ts';
import { drawCode } from '../auth/invitation-code.ts';
import { hashPassword } from '../auth/password-hash.ts';
import { endSessions } from '../auth/session-rows.ts';
import type { Transaction } from '../database/pool.ts';

/** Rolls back the save: the login name is somebody else's. */
export class LoginTaken extends Error {}

export interface DrawnPassword {
  readonly login: string;
  /** Shown once to whoever hands it over. */
  readonly password: string;
  readonly passwordHash: string;
}

/** A random first password, easy to read out: three groups of five of the code's letters (73 bits). Hashed beforehand. */
export async function drawPassword(
  context: Pick<AuthContext, 'random'>,
  login: string,
): Promise<DrawnPassword> {
  const letters = (drawCode(context.random) + drawCode(context.random)).slice(0, 15);
  const password = letters.replace(/(.{5})(?=.)/g, '$1-').toLowerCase();
  return { login, password, passwordHash: await hashPassword(password) };
}

/** Gives a person a login with a first password, or a new one after a forgotten password. Their sessions end. */
export async function giveLogin(
  tx: Transaction,
  context: Pick<AuthContext, 'clock' | 'random'>,
  who: { readonly ward: WardId; readonly person: PersonId; readonly by: PersonId },
  drawn: DrawnPassword,
): Promise<void> {
  const { ward, person, by } = who;
  const { login, passwordHash } = drawn;
  const now = new Date(context.clock.now());
  const given = { ward, person, login, passwordHash, mustChange: true, now };
  if (!(await writeCredential(tx, given))) throw new LoginTaken();
  await endSessions(tx, ward, { person }, now);
  await recordAuthEvent(tx, context, { ward, what: 'password_set', person, actor: by });
}
