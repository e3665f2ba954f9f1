import type { PersonId } from '../../domain/record/ids.ts';
import { err, ok, type Result } from '../../kernel/result.ts';
import type { AccountShelves } from './account-shelf.ts';
import type { DeviceStore } from './device-store.ts';
import type { OpenVault } from './open-vault.ts';
import {
  countAttempt,
  mendClock,
  NO_ATTEMPTS,
  type PinTurn,
  pinTurn,
  triesLeft,
  uncount,
} from './pin-attempts.ts';
import { openVaultWith, rewrapVault, type VaultPorts } from './vault.ts';
import type { VaultRecord } from './vault-record.ts';

export interface UnlockPorts extends VaultPorts {
  readonly device: DeviceStore;
  readonly shelves: AccountShelves;
}

/** `wait` and `spent` are answered without trying the PIN. `failed`: the machinery, not the PIN (nothing is counted). */
export type UnlockFault =
  | { readonly kind: 'wrong_pin'; readonly left: number; readonly waitMs: number }
  | { readonly kind: 'wait'; readonly waitMs: number }
  | { readonly kind: 'spent' }
  | { readonly kind: 'no_vault' }
  | { readonly kind: 'failed' };

/** Counts the try in storage first: killing the app in the middle forgives nothing. */
async function tryPin<T>(
  ports: UnlockPorts,
  person: PersonId,
  attempt: (record: VaultRecord) => Promise<T | null>,
): Promise<Result<T, UnlockFault>> {
  const now = ports.clock.now();
  let turn: PinTurn | null = null;
  const record = await ports.device.changeVault(person, (standing) => {
    const attempts = mendClock(standing.attempts, now);
    turn = pinTurn(attempts, now);
    return turn.is === 'may_try' ? { ...standing, attempts: countAttempt(attempts, now) } : standing;
  });
  const stopped = record ? faultOf(turn) : { kind: 'no_vault' as const };
  if (!record || stopped) return err(stopped ?? { kind: 'no_vault' });
  const opened = await attempt(record).catch(() => 'failed' as const);
  if (opened === 'failed') {
    await ports.device.changeVault(person, (standing) => ({
      ...standing,
      attempts: uncount(standing.attempts),
    }));
    return err({ kind: 'failed' });
  }
  if (opened !== null) return ok(opened);
  const next = pinTurn(record.attempts, ports.clock.now());
  if (next.is === 'spent') return err({ kind: 'spent' });
  const waitMs = next.is === 'wait' ? next.waitMs : 0;
  return err({ kind: 'wrong_pin', left: triesLeft(record.attempts), waitMs });
}

function faultOf(turn: PinTurn | null): UnlockFault | null {
  if (turn?.is === 'spent') return { kind: 'spent' };
  return turn?.is === 'wait' ? { kind: 'wait', waitMs: turn.waitMs } : null;
}

/** Opens the account's vault; the key's envelope is sealed anew when an answer has named another delivery key. */
export async function unlockVault(
  ports: UnlockPorts,
  person: PersonId,
  pin: string,
): Promise<Result<OpenVault, UnlockFault>> {
  const shelf = ports.shelves.shelf(person);
  const opened = await tryPin(ports, person, async (record) => {
    const delivery = { key: await shelf.deliveryKey(), envelopes: await shelf.envelopes() };
    return openVaultWith(record, pin, delivery, ports);
  });
  if (!opened.ok) return opened;
  const { measuredMs, attempts } = opened.value.record;
  await ports.device.changeVault(person, (standing) => ({ ...standing, measuredMs, attempts }));
  if (opened.value.envelopes.length > 0) await shelf.putEnvelopes(opened.value.envelopes);
  return ok(opened.value.vault);
}

/** Another PIN for the same keys. The old one is asked for, and counted, like any unlock. */
export async function changePin(
  ports: UnlockPorts,
  person: PersonId,
  pins: { readonly old: string; readonly next: string },
): Promise<Result<null, UnlockFault>> {
  const changed = await tryPin(ports, person, (record) => rewrapVault(record, pins, ports));
  if (!changed.ok) return changed;
  const { secret, kdf, wrapped } = changed.value;
  await ports.device.changeVault(person, (standing) => ({
    ...standing,
    secret,
    kdf,
    wrapped,
    attempts: NO_ATTEMPTS,
  }));
  return ok(null);
}
