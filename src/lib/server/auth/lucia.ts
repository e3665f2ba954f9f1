import { type Adapter, type DatabaseSession, type DatabaseUser, Lucia, TimeSpan } from 'lucia';
import type { GrantId, PersonId } from '$lib/domain/record/ids.ts';
import { uuidv7 } from '$lib/kernel/uuid.ts';
import { inTransaction } from '../database/transaction.ts';
import type { AuthContext } from './auth-context.ts';
import { hashSecret, newSecret, wardOfSecret } from './secrets.ts';
import {
  endSessions,
  insertSession,
  type LiveSession,
  readLiveSession,
  type SessionPlace,
} from './session-rows.ts';

/**
 * The one file that knows lucia (frozen upstream; ADR: leaving it costs this file). Lucia reads the cookie, asks for
 * the session and judges its expiry; the adapter below stores tokens hashed. `TimeSpan(0)`: lucia lengthens a session
 * only within that span of its end, so a lifetime is absolute.
 */
interface SessionFacts {
  readonly grant: GrantId;
  readonly place: SessionPlace;
  readonly beganAt: Date;
  readonly expiresAt: Date;
  /** Set when read: the session with its authority. */
  readonly live: LiveSession | null;
}

/** Nothing: what a person may do hangs on the session's grant. */
type UserFacts = Readonly<Record<string, never>>;

declare module 'lucia' {
  interface Register {
    Lucia: Lucia<{ live: LiveSession | null }>;
    UserId: PersonId;
    DatabaseSessionAttributes: SessionFacts;
    DatabaseUserAttributes: UserFacts;
  }
}

type Found = [DatabaseSession | null, DatabaseUser | null];

/** Our own adapter: a session's id is the bearer secret, which is never stored. */
function makeAdapter(context: AuthContext): Adapter {
  const { database, clock } = context;
  const now = () => new Date(clock.now());
  const scope = (secret: string) => {
    const ward = wardOfSecret(secret);
    if (ward === null) throw new Error('a session id names its ward');
    return ward;
  };
  const unused = () => Promise.reject(new Error('sessions are ended by session-rows'));
  return {
    async getSessionAndUser(id): Promise<Found> {
      const ward = wardOfSecret(id);
      if (ward === null) return [null, null];
      const hash = await hashSecret(id);
      const live = await inTransaction(
        database,
        { wards: [ward] },
        (tx) => readLiveSession(tx, ward, hash, now()),
        {
          readOnly: true,
        },
      );
      if (live === null) return [null, null];
      const { device, markHash, keyMark } = live;
      const place = { device, markHash, keyMark } as SessionPlace;
      const attributes = { grant: live.grant, place, beganAt: now(), expiresAt: live.expiresAt, live };
      const session = { id, userId: live.person, expiresAt: live.expiresAt, attributes };
      return [session, { id: live.person, attributes: {} }];
    },
    async setSession({ id, userId, attributes }) {
      const { grant, place, beganAt, expiresAt } = attributes;
      const ward = scope(id);
      const tokenHash = await hashSecret(id);
      const sessionId = uuidv7(clock, context.random);
      await inTransaction(database, { wards: [ward], actor: userId }, (tx) =>
        insertSession(tx, { ward, tokenHash, sessionId, person: userId, grant, place, beganAt, expiresAt }),
      );
    },
    async deleteSession(id) {
      const ward = scope(id);
      const tokenHash = await hashSecret(id);
      await inTransaction(database, { wards: [ward] }, (tx) => endSessions(tx, ward, { tokenHash }, now()));
    },
    getUserSessions: unused,
    updateSessionExpiration: unused,
    deleteUserSessions: unused,
    deleteExpiredSessions: unused,
  };
}

function makeLucia(context: AuthContext, cookieName: string) {
  return new Lucia(makeAdapter(context), {
    sessionExpiresIn: new TimeSpan(0, 's'),
    sessionCookie: { name: cookieName },
    getSessionAttributes: ({ live }) => ({ live }),
  });
}

/** The session a cookie header carries, when it counts; with the secret, for ending it. */
export async function readSession(
  context: AuthContext,
  cookieHeader: string,
  cookieName: string,
): Promise<{ readonly secret: string; readonly live: LiveSession } | null> {
  const lucia = makeLucia(context, cookieName);
  const secret = lucia.readSessionCookie(cookieHeader);
  if (secret === null) return null;
  const { session } = await lucia.validateSession(secret);
  return session?.live ? { secret, live: session.live } : null;
}

/** Begins a session with an absolute lifetime; returns the secret for the cookie. */
export async function beginSession(
  context: AuthContext,
  given: Pick<LiveSession, 'ward' | 'person' | 'grant'> & {
    readonly place: SessionPlace;
    readonly lifetimeMs: number;
  },
): Promise<{ readonly secret: string; readonly expiresAt: Date }> {
  const beganAt = new Date(context.clock.now());
  const expiresAt = new Date(beganAt.getTime() + given.lifetimeMs);
  const attributes: SessionFacts = { grant: given.grant, place: given.place, beganAt, expiresAt, live: null };
  const secret = newSecret(given.ward, context.random);
  await makeLucia(context, 'session').createSession(given.person, attributes, { sessionId: secret });
  return { secret, expiresAt };
}

export async function endSession(context: AuthContext, secret: string): Promise<void> {
  await makeLucia(context, 'session').invalidateSession(secret);
}
