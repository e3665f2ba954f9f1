import { redirect } from '@sveltejs/kit';
import { officeHome } from '$lib/server/auth/office-session.ts';
import { officeActor } from '../office-actor.server.ts';
import type { PageServerLoad } from './$types';

/** For a role that no page is open to yet; whoever has one goes there. */
export const load: PageServerLoad = async (event) => {
  const { role } = await officeActor(event);
  const home = officeHome(role);
  if (home !== event.url.pathname) redirect(303, home);
};
