import type { Cookies } from '@sveltejs/kit';

/** The language this browser chose; the page writes the cookie (ui/locale-memory.ts). */
export function chosenLocale(cookies: Pick<Cookies, 'get'>): 'vi' | 'en' {
  return cookies.get('xks-locale') === 'en' ? 'en' : 'vi';
}
