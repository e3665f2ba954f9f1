import { appContext } from '$lib/server/app-context.ts';
import type { PeopleContext } from '$lib/server/people/people-save.ts';
import { syncContext } from '$lib/server/sync/sync-context.ts';

/** What people are read and written with. */
export async function peopleContext(): Promise<PeopleContext> {
  const context = await appContext();
  return { ...context, office: await syncContext(context) };
}
