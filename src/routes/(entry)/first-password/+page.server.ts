import { fail, redirect } from '@sveltejs/kit';
import { z } from 'zod';
import { appContext } from '$lib/server/app-context.ts';
import { changePassword } from '$lib/server/auth/change-password.ts';
import { officeHome } from '$lib/server/auth/office-session.ts';
import { readFormData } from '$lib/server/http/read-form.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => {
  const session = await locals.pendingSession();
  if (session === null) redirect(303, '/sign-in');
  if (!session.live.mustChangePassword) redirect(303, officeHome(session.actor.role));
  return {};
};

const form = z.object({ password: z.string().max(2000), again: z.string().max(2000) });

export const actions: Actions = {
  default: async (event) => {
    const given = form.safeParse(Object.fromEntries(await readFormData(event.request)));
    if (!given.success) return fail(400, { problem: 'too_long' as const });
    const session = await event.locals.pendingSession();
    const changed = await changePassword(await appContext(), event, session, given.data);
    if (changed.ok) redirect(303, changed.value.to);
    if (changed.error === 'no_session') redirect(303, '/sign-in?notice=over');
    return fail(400, { problem: changed.error });
  },
};
