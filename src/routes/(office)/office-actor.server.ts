import { error, redirect, type RequestEvent } from '@sveltejs/kit';
import type { Actor } from '$lib/domain/people/roles.ts';

type Asked = Pick<RequestEvent, 'locals' | 'url'>;

/** Who is signed in; strangers are sent to sign in and come back to where they wanted to go. */
export async function officeActor({ locals, url }: Asked): Promise<Actor> {
  const session = await locals.session();
  if (session !== null) return session.actor;
  const next = encodeURIComponent(url.pathname + url.search);
  redirect(303, `/sign-in?notice=over&next=${next}`);
}

/** The same, where the table of permissions lets them: asked by every load and every action, never by a layout alone. */
export async function permitted(event: Asked, may: (actor: Actor) => boolean): Promise<Actor> {
  const actor = await officeActor(event);
  if (!may(actor)) error(403, 'forbidden');
  return actor;
}
