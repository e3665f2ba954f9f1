import { err, type Result } from '$lib/kernel/result.ts';
import type { CommandFault } from '$lib/phone/commands/open-phone.ts';
import { VaultLocked } from '$lib/phone/session/vault-sealer.ts';

export type SaveFault = CommandFault | { readonly kind: 'locked' };

/** A save whose phone was locked under it is a fault like the others: the form stays, the PIN is asked for. */
export async function trySave<T>(
  save: () => Promise<Result<T, CommandFault>>,
): Promise<Result<T, SaveFault>> {
  try {
    return await save();
  } catch (error) {
    if (error instanceof VaultLocked) return err({ kind: 'locked' });
    throw error;
  }
}
