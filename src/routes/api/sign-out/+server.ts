import type { RequestHandler } from '@sveltejs/kit';
import { appContext } from '$lib/server/app-context.ts';
import { signOut } from '$lib/server/auth/sign-out.ts';

/** Ends the session here and on the server. What waits on the phone stays: it goes by the delivery token. */
export const POST: RequestHandler = async (event) => {
  await signOut(await appContext(), event);
  return new Response(null, {
    status: 204,
    headers: { 'cache-control': 'no-store', 'clear-site-data': '"cache"' },
  });
};
