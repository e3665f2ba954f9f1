import { momentText } from '$lib/ui/moment-text.ts';

/** The build as people can read it out on the phone: its moment where it is named by one, else its name. */
export function versionText(version: string): string {
  return /^\d{13}$/.test(version) ? momentText(Number(version)) : version;
}
