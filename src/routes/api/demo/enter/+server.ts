import type { RequestHandler } from '@sveltejs/kit';
import { demoEnterRequestSchema } from '$lib/protocol/enrol.ts';
import { appContext } from '$lib/server/app-context.ts';
import { MALFORMED, readBody, refuse, reply } from '$lib/server/auth/replies.ts';
import { enterDemo } from '$lib/server/people/demo-enter.ts';

/** Only with SEED=demo; elsewhere there is nothing here. */
export const POST: RequestHandler = async (event) => {
  const asked = await readBody(event.request, demoEnterRequestSchema);
  if (asked === null) return refuse(MALFORMED);
  const entered = await enterDemo(await appContext(), event, asked.person);
  return entered === null ? reply({ problem: 'no_demo' }, 404) : reply(entered);
};
