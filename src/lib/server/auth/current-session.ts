import type { Cookies } from '@sveltejs/kit';
import type { Actor } from '$lib/domain/people/roles.ts';
import type { ReplicaId } from '$lib/domain/record/ids.ts';
import type { AuthContext } from './auth-context.ts';
import { readSession } from './lucia.ts';
import { hashSecret } from './secrets.ts';
import { markCookieName, sessionCookieName } from './session-cookie.ts';
import type { LiveSession } from './session-rows.ts';

/** Somebody at the other end, known by a session that counts at this moment. */
export interface CurrentSession {
  /** `replica` is the session's own id: the office speaks as one replica a session; a round names the phone's. */
  readonly actor: Actor;
  readonly live: LiveSession;
  readonly secret: string;
}

export interface RequestFacts {
  readonly request: Request;
  readonly url: URL;
  readonly cookies: Cookies;
}

function actorOf(live: LiveSession): Actor {
  const { person, role, ward, teams, grant, mustPass } = live;
  return { person, role, ward, teams, grant, mustPass, replica: live.sessionId as ReplicaId };
}

/** Reads the session of a request, each time from the database. An office session without its browser's mark is none. */
export async function readCurrentSession(
  context: AuthContext,
  event: RequestFacts,
): Promise<CurrentSession | null> {
  const header = event.request.headers.get('cookie') ?? '';
  const found = await readSession(context, header, sessionCookieName(event.url));
  if (found === null) return null;
  if (found.live.markHash !== null) {
    const mark = event.cookies.get(markCookieName(event.url));
    if (mark === undefined || (await hashSecret(mark)) !== found.live.markHash) return null;
  }
  return { actor: actorOf(found.live), ...found };
}
