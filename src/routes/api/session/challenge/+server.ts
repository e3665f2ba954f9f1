import type { RequestHandler } from '@sveltejs/kit';
import { challengeRequestSchema } from '$lib/protocol/enrol.ts';
import { appContext } from '$lib/server/app-context.ts';
import { giveChallenge } from '$lib/server/auth/device-session.ts';
import { MALFORMED, readBody, refuse, reply } from '$lib/server/auth/replies.ts';

export const POST: RequestHandler = async (event) => {
  const asked = await readBody(event.request, challengeRequestSchema);
  if (asked === null) return refuse(MALFORMED);
  const given = await giveChallenge(await appContext(), asked, event.getClientAddress());
  return given.ok ? reply(given.value) : refuse(given.error);
};
