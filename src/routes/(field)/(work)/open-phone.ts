import type { PersonId } from '$lib/domain/record/ids.ts';
import type { OpenPhone } from '$lib/phone/commands/open-phone.ts';
import { openAccountDb } from '$lib/phone/store/open-account-db.ts';
import { openReserve } from '$lib/phone/store/reserve.ts';
import type { OpenVault } from '$lib/phone/vault/open-vault.ts';

/** Puts an account's database and its open vault together: what every command needs. */
export async function openPhone(person: PersonId, vault: OpenVault, saved: () => void): Promise<OpenPhone> {
  return {
    db: await openAccountDb(person),
    sealer: vault.sealer,
    clock: { now: () => Date.now() },
    random: { bytes: (length) => crypto.getRandomValues(new Uint8Array(length)) },
    reserve: openReserve(),
    saved,
  };
}
