import { browser } from '$app/environment';
import { loadMessages } from '$lib/messages/loaded-words.ts';
import type { LayoutLoad } from './$types';

/** The one screen that is drawn with the first words alone; the others come right behind it. */
const HOME = '/today';

/** Words are there before they are drawn. English: always on the server, on a device where the page already says so. */
export const load: LayoutLoad = async ({ url }) => {
  const english = !browser || document.documentElement.lang === 'en';
  const vietnamese = loadMessages('vi');
  vietnamese.catch(() => undefined);
  await Promise.all([
    // Offline and never fetched: the screen opens in Vietnamese rather than not at all.
    english ? loadMessages('en').catch(() => undefined) : undefined,
    browser && url.pathname === HOME ? undefined : vietnamese,
  ]);
};
