import { browser } from '$app/environment';
import { loadMessages } from '$lib/messages/loaded-words.ts';
import type { LayoutLoad } from './$types';

/** English is there before the first word is drawn: always on the server, on a device where the page already says so. */
export const load: LayoutLoad = async () => {
  const wanted = !browser || document.documentElement.lang === 'en';
  // Offline and never fetched: the screen opens in Vietnamese rather than not at all.
  if (wanted) await loadMessages('en').catch(() => undefined);
};
