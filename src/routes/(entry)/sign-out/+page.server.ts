import { redirect } from '@sveltejs/kit';
import { appContext } from '$lib/server/app-context.ts';
import { signOut } from '$lib/server/auth/sign-out.ts';
import type { Actions, PageServerLoad } from './$types';

/** A link cannot sign anybody out: only the form below does. */
export const load: PageServerLoad = () => redirect(303, '/sign-in');

export const actions: Actions = {
  default: async (event) => {
    await signOut(await appContext(), event);
    redirect(303, '/sign-in?notice=out');
  },
};
