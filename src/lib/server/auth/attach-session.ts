import type { RequestEvent } from '@sveltejs/kit';
import type { AuthContext } from './auth-context.ts';
import { type CurrentSession, readCurrentSession } from './current-session.ts';

/**
 * Gives the request its session, read when first asked for and once only: pages that need none cost no query.
 * Before the first password is changed a session opens nothing but the page where it is changed.
 */
export function attachSession(event: RequestEvent, open: () => Promise<AuthContext | null>): void {
  let read: Promise<CurrentSession | null> | null = null;
  const pending = (): Promise<CurrentSession | null> => (read ??= readIn(event, open));
  event.locals.pendingSession = pending;
  event.locals.session = async () => {
    const session = await pending();
    return session === null || session.live.mustChangePassword ? null : session;
  };
}

async function readIn(
  event: RequestEvent,
  open: () => Promise<AuthContext | null>,
): Promise<CurrentSession | null> {
  const context = await open();
  return context === null ? null : readCurrentSession(context, event);
}
