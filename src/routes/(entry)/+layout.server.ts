import { appContext } from '$lib/server/app-context.ts';
import { chosenLocale } from '$lib/server/chosen-locale.ts';
import { entryFacts } from '$lib/server/people/entry-facts.ts';
import type { LayoutServerLoad } from './$types';

export const load: LayoutServerLoad = async ({ cookies }) => {
  const { wardName, wardWord, demo } = await entryFacts(await appContext());
  return { locale: chosenLocale(cookies), wardName, wardWord, demo: demo !== null };
};
