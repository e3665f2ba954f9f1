import type { RequestHandler } from '@sveltejs/kit';
import { appContext } from '$lib/server/app-context.ts';
import { serveLive } from '$lib/server/live/serve-live.ts';

export const GET: RequestHandler = async (event) => serveLive(await appContext(), event);
