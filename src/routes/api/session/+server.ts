import type { RequestHandler } from '@sveltejs/kit';
import { sessionRequestSchema } from '$lib/protocol/enrol.ts';
import { appContext } from '$lib/server/app-context.ts';
import { startDeviceSession } from '$lib/server/auth/device-session.ts';
import { MALFORMED, readBody, refuse, reply } from '$lib/server/auth/replies.ts';
import { writeSessionCookie } from '$lib/server/auth/session-cookie.ts';

export const POST: RequestHandler = async (event) => {
  const asked = await readBody(event.request, sessionRequestSchema);
  if (asked === null) return refuse(MALFORMED);
  const context = await appContext();
  const started = await startDeviceSession(context, asked);
  if (!started.ok) return refuse(started.error);
  const { account, secret, expiresAt } = started.value;
  writeSessionCookie(event, secret, expiresAt, context.clock.now());
  return reply({ account, expiresAt: expiresAt.getTime() });
};
