import { toBase64url } from '$lib/kernel/bytes.ts';
import type { Clock } from '$lib/kernel/clock.ts';
import type { Random } from '$lib/kernel/random.ts';
import type { ServerKeys } from '../keys/server-keys.ts';
import { EPOCHS_NAMED, type Receipt } from './signed-token.ts';
import type { EpochRecord, SyncStore, WardReader } from './store.ts';

/** After a new epoch phones may still bring what the restored tables have forgotten. */
const MAY_STILL_ARRIVE_MS = 30 * 86_400_000;

export interface EpochWorld {
  readonly store: SyncStore;
  readonly keys: ServerKeys;
  readonly clock: Clock;
  readonly random: Random;
  /** Called before the epoch that a proven restore begins: whom the restored tables let in again is shut out first. */
  onRestoreProved?(): Promise<void>;
}

function newEpochId(random: Random): string {
  return toBase64url(random.bytes(16));
}

/**
 * To be called before the server answers anybody: a signing key that the database has not met (keys and tables are of
 * different backups) takes a new epoch, as `restore` does by itself. The very first one is simply the first.
 */
export async function meetEpoch(world: Omit<EpochWorld, 'onRestoreProved'>): Promise<void> {
  const { store, keys, clock, random } = world;
  const at = clock.now();
  const met = await store.meetSigningKey(keys.signingKeyId, at);
  const [present] = await store.epochs();
  if (present !== undefined && met !== 'strange') return;
  const why = present === undefined ? 'first' : 'unknown signing key';
  await store.takeEpoch({ after: present?.place ?? 0, id: newEpochId(random), why, at });
}

export function mayStillArrive(epochs: readonly EpochRecord[], clock: Clock): boolean {
  const [present] = epochs;
  return present !== undefined && epochs.length > 1 && clock.now() - present.beganAt < MAY_STILL_ARRIVE_MS;
}

/**
 * The epochs before the present one, as far as this phone's next receipt can show: those of the tables, and those that it
 * brings signed. An epoch between two restores of the same backup is in no table any more, and the phone has left it.
 */
export function epochsBefore(
  [present, ...before]: readonly EpochRecord[],
  brought: Receipt | null,
): string[] {
  const left = brought === null ? [] : [brought.epoch, ...brought.earlier];
  const named = new Set([...left.slice(0, 1), ...before.map(({ id }) => id), ...left]);
  named.delete(present?.id ?? '');
  return [...named].slice(0, EPOCHS_NAMED);
}

/** What names a commit: a receipt, or a cursor of the present epoch. */
export interface CommitClaim {
  readonly epoch: string;
  readonly version: number;
  readonly mark: string;
}

/**
 * Whether a signed claim proves that the tables were restored: it names a commit of the present epoch that they do not
 * hold, or a later epoch that had the present one before it, in the tables or for this phone. Nothing else proves it.
 */
export async function provesRestore(
  tx: WardReader,
  present: EpochRecord,
  receipt: Receipt | null,
  cursors: readonly CommitClaim[],
): Promise<boolean> {
  if (receipt !== null && receipt.epoch !== present.id && receipt.earlier.includes(present.id)) return true;
  const claims = new Map<string, CommitClaim>();
  for (const claim of [...(receipt === null ? [] : [receipt]), ...cursors]) {
    if (claim.epoch === present.id && claim.version > 0) claims.set(`${claim.version}|${claim.mark}`, claim);
  }
  // Every mark is kept, so the tables reach back to the first. It stands at the end of its commit: the first one they
  // hold may begin before what the claim names and end after it.
  const held = await Promise.all(
    [...claims.values()].map(async ({ version, mark }) => (await tx.markOf(version)) === mark),
  );
  return held.includes(false);
}

/**
 * Looks again whether the epoch is still the one in doubt, and takes the next. Sessions end with the old one; the new
 * one stands before the administrator until somebody has taken note of it.
 */
export async function takeNextEpoch(world: EpochWorld, doubted: EpochRecord): Promise<void> {
  await world.onRestoreProved?.();
  await world.store.takeEpoch({
    after: doubted.place,
    id: newEpochId(world.random),
    why: 'proof of a restore',
    at: world.clock.now(),
  });
}
