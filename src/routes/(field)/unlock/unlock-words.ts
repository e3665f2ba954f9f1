import type { Messages } from '$lib/messages/dictionary.ts';
import type { UnlockFault } from '$lib/phone/vault/unlock.ts';

/** What to say below the pad. Waiting and a spent PIN have lines of their own. */
export function unlockWords(
  text: Messages['entering']['unlock'],
  kind: UnlockFault['kind'],
): string | undefined {
  if (kind === 'wrong_pin') return text.wrong;
  return kind === 'failed' || kind === 'no_vault' ? text.failed : undefined;
}
