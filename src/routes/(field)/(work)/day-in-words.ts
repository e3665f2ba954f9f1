import { type Day, startOfDay } from '$lib/kernel/calendar/day.ts';
import type { Locale } from '$lib/messages/locale.ts';

/** "Thứ Hai, 23/11/2026", whatever time zone the phone believes to be in. */
export function dayInWords(day: Day, locale: Locale): string {
  const words = new Intl.DateTimeFormat(locale === 'vi' ? 'vi-VN' : 'en-GB', {
    timeZone: 'Asia/Ho_Chi_Minh',
    weekday: 'long',
    day: '2-digit',
    month: '2-digit',
    year: 'numeric',
  }).format(startOfDay(day));
  return words.charAt(0).toLocaleUpperCase(locale) + words.slice(1);
}
