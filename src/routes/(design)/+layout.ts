import { loadMessages } from '$lib/messages/loaded-words.ts';
import type { LayoutLoad } from './$types';

/** The gallery takes its language from the address, so nothing else knew it was wanted. */
export const load: LayoutLoad = async ({ data }) => {
  await loadMessages(data.locale);
  return data;
};
