import { error } from '@sveltejs/kit';
import { DEFAULT_LOCALE, isLocale } from '$lib/messages/locale.ts';
import type { LayoutServerLoad } from './$types';

/** The gallery exists only where somebody asked for it: never in a ward. */
export const load: LayoutServerLoad = ({ url, locals: { demo } }) => {
  if (process.env['DESIGN_GALLERY'] !== '1') error(404, { message: 'not_found', demo });
  const asked = url.searchParams.get('lang');
  return { locale: isLocale(asked) ? asked : DEFAULT_LOCALE, demo };
};
