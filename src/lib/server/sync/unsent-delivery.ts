import { createHmac, timingSafeEqual } from 'node:crypto';
import { type UnsentAnswer, type UnsentFile, unsentText } from '$lib/protocol/unsent-file.ts';
import { fromBase64url, utf8 } from '$lib/kernel/bytes.ts';
import { readIncoming } from './incoming.ts';
import type { RoundWorld } from './round-call.ts';
import { noteGap } from './note-contact.ts';
import { keyOpener } from './speaker.ts';
import type { ReplicaRecord, WardReader } from './store.ts';
import { tokenHash } from './token-hash.ts';
import { takeUp } from './ward-lane.ts';
import { wardOfToken } from './ward-of-token.ts';

/** Made by who knew the owner's delivery token, and not altered since. */
function isWhole(file: UnsentFile, owner: ReplicaRecord): boolean {
  const given = fromBase64url(file.mac);
  return [owner.tokenHash, owner.previousTokenHash].some((hash) => {
    if (hash === null || given === null) return false;
    const own = createHmac('sha256', utf8(hash))
      .update(`xks:unsent:1|${unsentText(file)}`)
      .digest();
    return own.length === given.length && timingSafeEqual(own, given);
  });
}

async function findOwner(tx: WardReader, file: UnsentFile) {
  const replica = await tx.replica(file.replica);
  const [epoch] = await tx.epochs();
  if (replica === null || epoch === undefined) return null;
  const keys = [...file.keys, ...(await tx.dataKeys(replica.person))];
  return { ward: file.ward, replica, grants: await tx.grants(replica.person), epoch, keys };
}

/**
 * Takes a file that another enrolled device of any account carried: as its owner's own delivery, under the owner's
 * replica and seqs. Null: the carrier is not enrolled. Outcomes are told to the owner's phone alone.
 */
export async function takeUnsentFile(
  world: RoundWorld,
  carrierToken: string | null,
  file: UnsentFile,
): Promise<UnsentAnswer | null> {
  const ward = wardOfToken(carrierToken);
  if (ward === null || carrierToken === null) return null;
  const hash = tokenHash(carrierToken);
  const carrier = await world.store.read(ward, (tx) => tx.replicaByToken(hash));
  if (carrier === null || carrier.revoked) return null;
  const owner = await world.store.read(file.ward, (tx) => findOwner(tx, file));
  if (owner === null) return { problem: 'unknown_owner', taken: 0 };
  if (!isWhole(file, owner.replica)) return { problem: 'altered', taken: 0 };
  const keyOf = keyOpener(world, owner);
  const incoming = await Promise.all(
    file.envelopes.map((envelope) => readIncoming(envelope, owner.replica.person, keyOf)),
  );
  const problem = await takeUp(world, file.ward, owner.replica, incoming);
  const now = await world.store.read(file.ward, (tx) => tx.replica(file.replica));
  const lastSeq = now?.lastSeq ?? 0;
  if (problem === 'gap') await noteGap(world, file.ward, owner.replica, file.envelopes, lastSeq);
  const taken = file.envelopes.filter((envelope) => envelope.seq <= lastSeq).length;
  return { problem, taken: problem === 'forked' ? 0 : taken };
}
