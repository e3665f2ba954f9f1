import type { RequestHandler } from '@sveltejs/kit';
import { appContext } from '$lib/server/app-context.ts';
import { reply } from '$lib/server/auth/replies.ts';
import { entryFacts } from '$lib/server/people/entry-facts.ts';

export const GET: RequestHandler = async () => reply(await entryFacts(await appContext()));
