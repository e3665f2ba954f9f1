import { err, type Result } from '$lib/kernel/result.ts';
import type { CommandFault } from '$lib/phone/commands/open-phone.ts';
import { VaultLocked } from '$lib/phone/session/vault-sealer.ts';

export type SaveFault = CommandFault | { readonly kind: 'locked' | 'not_loaded' };

/**
 * Saves with a command whose code is loaded for it: a form is drawn before what judges it is there. Code that did not
 * come, and a phone that was locked meanwhile, are faults like the others: the form stays.
 */
export async function trySave<C, T>(
  load: () => Promise<C>,
  save: (command: C) => Promise<Result<T, CommandFault>>,
): Promise<Result<T, SaveFault>> {
  const command = await load().catch(() => null);
  if (command === null) return err({ kind: 'not_loaded' });
  try {
    return await save(command);
  } catch (error) {
    if (error instanceof VaultLocked) return err({ kind: 'locked' });
    throw error;
  }
}

/** Asked for while a form is being filled in, so that nobody waits for it at the end. */
export function bringCommands(): void {
  import('$lib/phone/commands/save-mutation.ts').catch(() => undefined);
}
