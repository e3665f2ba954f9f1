import { err, ok, type Result } from '$lib/kernel/result.ts';
import type { ReplicaId } from '$lib/domain/record/ids.ts';
import { inTransaction } from '../database/transaction.ts';
import type { AuthContext } from './auth-context.ts';
import { recordAuthEvent } from './auth-events.ts';
import type { EnrolProblem } from './redeem.ts';
import { lockPerson } from './grant-rows.ts';
import {
  personOfToken,
  readReplica,
  registerReplica,
  replicasSince,
  replicaOfToken,
} from './replica-rows.ts';
import { derivedSecret, hashSecret, wardOfSecret } from './secrets.ts';

export interface ForkedReplica {
  readonly replica: ReplicaId;
  readonly deliveryToken: string;
}

/** A copied phone forks once; a token that goes on forking is in the wrong hands, or runs wild. */
const FORKS_AT_MOST = 20;
const FORKS_WITHIN_MS = 24 * 3_600_000;

const problem = (kind: EnrolProblem['problem']) => err<EnrolProblem>({ problem: kind, retryAfter: null });

/**
 * `POST /api/replica`: a delivery token registers a new replica, which the phone has made and stored first, and gets
 * that one's own token; the same for the same (token, new replica). A revoked token's fork is revoked with it.
 */
export async function forkReplica(
  context: AuthContext,
  token: string,
  replica: ReplicaId,
): Promise<Result<ForkedReplica, EnrolProblem>> {
  const ward = wardOfSecret(token);
  if (ward === null) return problem('not_known');
  const tokenHash = await hashSecret(token);
  const deliveryToken = await derivedSecret(ward, `xks:fork:1|${token}|${replica}`);
  const newHash = await hashSecret(deliveryToken);
  return inTransaction(context.database, { wards: [ward] }, async (tx) => {
    const owner = await personOfToken(tx, ward, tokenHash);
    if (owner === null) return problem('not_known');
    await lockPerson(tx, ward, owner);
    const from = await replicaOfToken(tx, ward, tokenHash);
    if (from === null) return problem('not_known');
    const standing = await readReplica(tx, ward, replica);
    if (standing !== null) {
      const same = standing.person === from.person && standing.tokenHash === newHash;
      return same ? ok({ replica, deliveryToken }) : problem('malformed');
    }
    const { person, device, revokedAt } = from;
    const now = new Date(context.clock.now());
    const since = new Date(now.getTime() - FORKS_WITHIN_MS);
    if ((await replicasSince(tx, ward, { person, device }, since)) >= FORKS_AT_MOST)
      return err<EnrolProblem>({ problem: 'too_many_tries', retryAfter: FORKS_WITHIN_MS / 1000 });
    await registerReplica(tx, { ward, replica, person, device, tokenHash: newHash, revokedAt, now });
    // Everything unsettled goes on under the new one: nothing waits behind a gap of the old one any more.
    await tx`update replica set gap_seq = null, gap_at = null where ward_id = ${ward} and replica_id = ${from.replica}`;
    await recordAuthEvent(tx, context, {
      ward,
      what: 'replica_forked',
      person,
      detail: { from: from.replica, to: replica },
    });
    return ok({ replica, deliveryToken });
  });
}
