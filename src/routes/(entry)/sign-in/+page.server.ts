import { fail, redirect } from '@sveltejs/kit';
import { z } from 'zod';
import { appContext } from '$lib/server/app-context.ts';
import { officeHome } from '$lib/server/auth/office-session.ts';
import { safeNext } from '$lib/server/auth/safe-next.ts';
import { machinePause, signIn } from '$lib/server/auth/sign-in.ts';
import { readFormData } from '$lib/server/http/read-form.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
  const session = await locals.pendingSession();
  if (session?.live.mustChangePassword === true) redirect(303, '/first-password');
  if (session !== null) redirect(303, safeNext(url) ?? officeHome(session.actor.role));
  const notice = url.searchParams.get('notice');
  return { notice: notice === 'out' || notice === 'over' ? notice : null };
};

const form = z.object({ login: z.string().max(200), password: z.string() });

export const actions: Actions = {
  default: async (event) => {
    const given = form.safeParse(Object.fromEntries(await readFormData(event.request)));
    const login = given.success ? given.data.login : '';
    if (!given.success || login.trim() === '' || given.data.password === '') {
      return fail(400, { login, problem: 'missing' as const, minutes: 0 });
    }
    const context = { ...(await appContext()), pause: machinePause };
    const signedIn = await signIn(context, event, given.data, event.getClientAddress());
    if (signedIn.ok) {
      const { to } = signedIn.value;
      redirect(303, to === '/first-password' ? to : (safeNext(event.url) ?? to));
    }
    const { error } = signedIn;
    const wait = error.kind === 'too_many_tries' ? error.retryAfter : 0;
    return fail(wait > 0 ? 429 : 401, { login, problem: error.kind, minutes: Math.ceil(wait / 60) });
  },
};
