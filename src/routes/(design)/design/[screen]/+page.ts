import { error } from '@sveltejs/kit';
import type { PageLoad } from './$types';

const SCREENS = ['today', 'quick-log', 'step', 'unlock', 'office', 'empty'] as const;
export type Screen = (typeof SCREENS)[number];

export const load: PageLoad = async ({ params, parent }) => {
  const screen = SCREENS.find((name) => name === params.screen);
  if (screen === undefined) error(404, { message: 'not_found', demo: (await parent()).demo });
  return { screen };
};
