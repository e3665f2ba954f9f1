import type { Channel } from '$lib/domain/assist/assist.ts';
import { CHANNELS } from '$lib/domain/assist/assist-choices.ts';

const KEY = 'xks-last-channel';

/** Where this phone last helped: a booth stays a booth all evening. Not personal, so it lies plain. */
export function lastChannel(): Channel | null {
  try {
    const kept = localStorage.getItem(KEY);
    return CHANNELS.find((channel) => channel === kept) ?? null;
  } catch {
    return null;
  }
}

export function rememberChannel(channel: Channel): void {
  try {
    localStorage.setItem(KEY, channel);
  } catch {
    // A browser that keeps nothing here only asks again.
  }
}
