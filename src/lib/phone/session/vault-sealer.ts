import type { Json } from '../../kernel/json.ts';
import type { Sealer } from '../store/sealer.ts';
import type { OpenVault } from '../vault/open-vault.ts';

/** Thrown by a seal that comes after the vault was locked: the caller's form stays, the PIN is asked for. */
export class VaultLocked extends Error {
  override readonly name = 'VaultLocked';
}

/** The open vault as the store's port. */
export function sealerOf(vault: OpenVault): Sealer {
  return {
    seal: async (values, aad) => {
      const sealed = await vault.seal(JSON.stringify(values), aad);
      if (sealed === null) throw new VaultLocked('locked while a save was being sealed');
      return sealed;
    },
    open: async (blob, key, aad) => {
      const text = await vault.open({ key, blob }, aad);
      if (text === null) return null;
      try {
        return JSON.parse(text) as Json;
      } catch {
        return null;
      }
    },
  };
}
