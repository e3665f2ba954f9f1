import { dayOf, formatDay } from '$lib/kernel/calendar/day.ts';
import { clockText } from './moment-text.ts';

/** A build as people can read it out: its day and hour where it is named by them, else its name. */
export function versionText(version: string): string {
  const built = Number(version);
  return /^\d{13}$/.test(version) ? `${formatDay(dayOf(built))}, ${clockText(built)}` : version;
}
