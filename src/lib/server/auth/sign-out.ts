import { inTransaction } from '../database/transaction.ts';
import type { AuthContext } from './auth-context.ts';
import { recordAuthEvent } from './auth-events.ts';
import { readCurrentSession, type RequestFacts } from './current-session.ts';
import { endSession } from './lucia.ts';
import { dropSessionCookie } from './session-cookie.ts';

/** Ends the request's session on all nodes at once and takes its cookie away. Nothing else on the device is touched. */
export async function signOut(context: AuthContext, event: RequestFacts): Promise<void> {
  const current = await readCurrentSession(context, event);
  dropSessionCookie(event);
  if (current === null) return;
  await endSession(context, current.secret);
  const { ward, person } = current.actor;
  await inTransaction(context.database, { wards: [ward], actor: person }, (tx) =>
    recordAuthEvent(tx, context, { ward, what: 'signed_out', person }),
  );
}
