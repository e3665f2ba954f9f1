import type { OfficeWords } from '$lib/messages/office-words.ts';
import { momentText } from '$lib/ui/moment-text.ts';

interface Shown {
  readonly state: 'active' | 'draining' | 'revoked';
  readonly revokedAt: Date | null;
}

export const DEVICE_TONES = { active: 'quiet', draining: 'attention', revoked: 'wrong' } as const;

/** In use; stopped and still to bring what it holds; stopped. */
export function deviceState(
  text: OfficeWords['officePeople']['person']['device'],
  { state, revokedAt }: Shown,
): string {
  if (state === 'active' || revokedAt === null) return text.active;
  return text[state](momentText(revokedAt.getTime()));
}
