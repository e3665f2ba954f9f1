import type { RequestHandler } from '@sveltejs/kit';
import { type INVITATION_PROBLEMS, invitationRequestSchema } from '$lib/protocol/invitation.ts';
import { appContext } from '$lib/server/app-context.ts';
import { inviteDevice } from '$lib/server/auth/invitation.ts';
import { MALFORMED, readBody, refuse, reply } from '$lib/server/auth/replies.ts';

const STATUS: Readonly<Record<(typeof INVITATION_PROBLEMS)[number], number>> = {
  not_signed_in: 401,
  not_allowed: 403,
  unknown_person: 404,
};

const none = (problem: keyof typeof STATUS): Response => reply({ problem }, STATUS[problem]);

/** An invitation for a member, made by whoever the session is of. Authority is asked in `inviteDevice`. */
export const POST: RequestHandler = async (event) => {
  const session = await event.locals.session();
  if (session === null) return none('not_signed_in');
  const asked = await readBody(event.request, invitationRequestSchema);
  if (asked === null) return refuse(MALFORMED);
  const made = await inviteDevice(await appContext(), session.actor, asked.person);
  return made.ok ? reply(made.value) : none(made.error.kind);
};
