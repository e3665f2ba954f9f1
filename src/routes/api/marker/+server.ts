import type { RequestHandler } from '@sveltejs/kit';
import { appContext } from '$lib/server/app-context.ts';
import { readMarks } from '$lib/server/auth/marker.ts';
import { reply } from '$lib/server/auth/replies.ts';

export const GET: RequestHandler = async (event) =>
  reply({ marks: await readMarks(await appContext(), event) });
