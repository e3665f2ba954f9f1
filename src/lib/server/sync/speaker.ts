import type { WardId } from '$lib/domain/record/ids.ts';
import type { Bytes } from '$lib/kernel/bytes.ts';
import type { KeyEnvelope } from '$lib/protocol/envelope.ts';
import type { RoundRequest } from '$lib/protocol/round.ts';
import { isRevoked } from './actors.ts';
import { provesRestore, takeNextEpoch } from './epochs.ts';
import type { RoundWorld } from './round-call.ts';
import { type Cursor, readCursor, readReceipt, type Receipt } from './signed-token.ts';
import type { EpochRecord, GrantRecord, ReplicaRecord, WardReader } from './store.ts';

/** Who speaks, found by the token alone. */
export interface Speaker {
  readonly ward: WardId;
  readonly replica: ReplicaRecord;
  readonly grants: readonly GrantRecord[];
  readonly epoch: EpochRecord;
  /** Envelopes of this account's data keys, the request's own first. */
  readonly keys: readonly KeyEnvelope[];
}

/** Looks the speaker up and, when a signed claim proves that the tables were restored, takes a new epoch first. */
export async function findSpeaker(
  world: RoundWorld,
  ward: WardId,
  tokenHash: string,
  body: RoundRequest,
): Promise<Speaker | null> {
  const claims = { receipt: ownReceipt(world, ward, body), cursors: ownCursors(world, ward, body) };
  const find = (): Promise<Found | null> =>
    world.store.read(ward, (tx) => lookUp(tx, ward, tokenHash, body, claims));
  const found = await find();
  if (found === null) return null;
  if (!found.restored) return found.speaker;
  await takeNextEpoch(world, found.speaker.epoch);
  return (await find())?.speaker ?? null;
}

interface Found {
  readonly speaker: Speaker;
  readonly restored: boolean;
}

async function lookUp(
  tx: WardReader,
  ward: WardId,
  tokenHash: string,
  body: RoundRequest,
  claims: { readonly receipt: Receipt | null; readonly cursors: readonly Cursor[] },
): Promise<Found | null> {
  const [replica, [epoch]] = await Promise.all([tx.replicaByToken(tokenHash), tx.epochs()]);
  // The replica named must be the token's own: a copied request of another one settles nothing.
  if (replica?.replica !== body.replica) return null;
  if (epoch === undefined) throw new Error('no epoch: the server answers before it has met one');
  const { person } = replica;
  const [stored, grants, restored] = await Promise.all([
    tx.dataKeys(person),
    tx.grants(person),
    provesRestore(tx, epoch, claims.receipt, claims.cursors),
  ]);
  return { speaker: { ward, replica, grants, epoch, keys: [...body.keys, ...stored] }, restored };
}

export function ownReceipt(world: RoundWorld, ward: WardId, body: RoundRequest): Receipt | null {
  const receipt = body.receipt === null ? null : readReceipt(world.keys, body.receipt);
  return receipt?.ward === ward ? receipt : null;
}

function ownCursors(world: RoundWorld, ward: WardId, body: RoundRequest): readonly Cursor[] {
  return Object.values(body.down?.cursors ?? {}).flatMap((token) => {
    const cursor = readCursor(world.keys, token);
    return cursor?.ward === ward ? [cursor] : [];
  });
}

export type KeyOpener = (key: string) => Promise<Bytes | null>;

/** A data key opens with any envelope of it that this server still has the private half for. */
export function keyOpener(world: RoundWorld, speaker: Speaker): KeyOpener {
  const { replica, keys } = speaker;
  const opened = new Map<string, Promise<Bytes | null>>();
  const open = async (key: string): Promise<Bytes | null> => {
    for (const envelope of keys) {
      if (envelope.key !== key) continue;
      const device = 'device' in envelope ? (envelope.device as string | null) : replica.device;
      const raw = await world.keys.openDataKey({ account: replica.person, device }, envelope);
      if (raw !== null) return raw;
    }
    return null;
  };
  return (key) => {
    const known = opened.get(key) ?? open(key);
    opened.set(key, known);
    return known;
  };
}

/** Neither this phone nor its account may bring or hold anything any more. */
export function isEnded(speaker: Speaker): boolean {
  return speaker.replica.revoked || isRevoked(speaker.grants);
}
