import { OFFICE_ROLES } from '$lib/domain/people/roles.ts';
import type { PersonId, WardId } from '$lib/domain/record/ids.ts';
import { err, ok, type Result } from '$lib/kernel/result.ts';
import type { Database } from '../database/pool.ts';
import { inTransaction } from '../database/transaction.ts';
import type { AuthContext } from './auth-context.ts';
import { recordAuthEvent } from './auth-events.ts';
import { type Credential, normaliseLogin, readCredential } from './credential-rows.ts';
import { type Door, findDoor } from './door-rows.ts';
import { type Grant, presentGrant } from './grant-rows.ts';
import { beginOfficeSession, browserMarkHash, type OfficeEvent, officeHome } from './office-session.ts';
import { passwordFits } from './password-hash.ts';
import { forgetTries, takeTries } from './rate-limit.ts';

/** One wrong and one right account answer alike and in the same beat: `pause` waits, a test counts. */
export interface SignInContext extends AuthContext {
  readonly pause: (ms: number) => Promise<void>;
}

export const machinePause: SignInContext['pause'] = (ms) =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });

export interface SignInForm {
  readonly login: string;
  readonly password: string;
}

export type SignInProblem =
  { readonly kind: 'wrong' } | { readonly kind: 'too_many_tries'; readonly retryAfter: number };

/** Where to go next. */
export interface SignedIn {
  readonly to: string;
}

/** A ward sits behind one address: many may be wrong at once. An account has few tries from browsers it does not know. */
const PER_ADDRESS = { burst: 200, everySeconds: 2 } as const;
const PER_ACCOUNT = { burst: 10, everySeconds: 60 } as const;
const PER_BROWSER = { burst: 10, everySeconds: 30 } as const;

/** Refusals are told on a beat, so that their time says nothing of what was looked up. */
const BEAT_MS = 400;
/** Longer than any password: read as a wrong one, without hashing it. */
const LONGEST_READ = 1000;
const NOBODY = { ward: null, target: '00000000-0000-0000-0000-000000000000' };

interface Known {
  readonly credential: Credential | null;
  readonly grant: Grant | null;
  readonly browserKnown: boolean;
}

/** The same statements for a login that nobody has. */
async function look(database: Database, door: Door | null, markHash: string | null): Promise<Known> {
  const { ward, target } = door ?? NOBODY;
  const person = target as PersonId;
  return inTransaction(
    database,
    { wards: ward === null ? [] : [ward] },
    async (tx) => {
      const of = ward ?? ('' as WardId);
      const credential = await readCredential(tx, of, person);
      const grant = await presentGrant(tx, of, person);
      const [browser] = await tx`
      select 1 from known_browser where ward_id = ${of} and person_id = ${person} and mark_hash = ${markHash ?? ''}`;
      return { credential, grant, browserKnown: browser !== undefined };
    },
    { readOnly: true },
  );
}

async function refuse(
  context: SignInContext,
  began: number,
  door: Door | null,
): Promise<Result<SignedIn, SignInProblem>> {
  if (door !== null) {
    const { ward, target } = door;
    await inTransaction(context.database, { wards: [ward] }, (tx) =>
      recordAuthEvent(tx, context, { ward, what: 'sign_in_failed', person: target as PersonId }),
    );
  }
  const spent = context.clock.now() - began;
  await context.pause(BEAT_MS - (Math.max(0, spent) % BEAT_MS));
  return err({ kind: 'wrong' });
}

/** Tries are counted for the address, and for the account or, apart from it, the browser that the account knows. */
function bucketFor(form: SignInForm, known: Known, markHash: string | null) {
  const login = normaliseLogin(form.login) ?? form.login.slice(0, 200);
  return known.browserKnown
    ? { key: `sign-in|browser|${markHash ?? ''}|${login}`, limit: PER_BROWSER }
    : { key: `sign-in|account|${login}`, limit: PER_ACCOUNT };
}

async function letIn(context: SignInContext, event: OfficeEvent, grant: Grant): Promise<void> {
  const { ward, person } = grant;
  await beginOfficeSession(context, event, grant);
  await inTransaction(context.database, { wards: [ward], actor: person }, (tx) =>
    recordAuthEvent(tx, context, { ward, what: 'signed_in', person }),
  );
}

/** Sign-in of an office role. One answer for unknown, wrong, field roles and people who have left. */
export async function signIn(
  context: SignInContext,
  event: OfficeEvent,
  form: SignInForm,
  address: string,
): Promise<Result<SignedIn, SignInProblem>> {
  const began = context.clock.now();
  const markHash = await browserMarkHash(event);
  const door = await findDoor(context.database, 'login', normaliseLogin(form.login) ?? '');
  const known = await look(context.database, door, markHash);
  const bucket = bucketFor(form, known, markHash);
  const wait = await takeTries(context, [{ key: `sign-in|address|${address}`, limit: PER_ADDRESS }, bucket]);
  if (wait !== null) return err({ kind: 'too_many_tries', retryAfter: wait });
  const password = form.password.length > LONGEST_READ ? '' : form.password;
  const fits = await passwordFits(known.credential?.passwordHash ?? null, password);
  const { grant } = known;
  if (!fits || grant === null || !OFFICE_ROLES.includes(grant.role)) return refuse(context, began, door);
  await forgetTries(context, [bucket.key]);
  await letIn(context, event, grant);
  return ok({ to: known.credential?.mustChange === true ? '/first-password' : officeHome(grant.role) });
}
