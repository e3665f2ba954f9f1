import { loadMessages } from '$lib/messages/loaded-words.ts';
import type { LayoutLoad } from './$types';

/** The chosen language is there before anything is drawn, on the server too. */
export const load: LayoutLoad = async ({ data }) => {
  await loadMessages(data.locale);
  return data;
};
