import type { RequestHandler } from '@sveltejs/kit';
import { appContext } from '$lib/server/app-context.ts';
import { accountOf } from '$lib/server/auth/account-rows.ts';
import { NOT_KNOWN, refuse, reply } from '$lib/server/auth/replies.ts';

export const GET: RequestHandler = async (event) => {
  const session = await event.locals.session();
  const account = session && (await accountOf(await appContext(), session.actor));
  return account ? reply({ account }) : refuse(NOT_KNOWN);
};
