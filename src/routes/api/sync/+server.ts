import type { RequestHandler } from '@sveltejs/kit';
import { appContext } from '$lib/server/app-context.ts';
import { syncContext } from '$lib/server/sync/sync-context.ts';
import { serveSync } from '$lib/server/sync/sync-endpoint.ts';

export const POST: RequestHandler = ({ request, locals }) =>
  serveSync(
    async () => syncContext(await appContext()),
    request,
    async () => {
      const session = await locals.session();
      if (session === null) return null;
      const { ward, person, keyMark } = session.live;
      return { ward, person, keyMark };
    },
  );
