import { can, relationToMember } from '$lib/domain/people/permissions.ts';
import type { Actor } from '$lib/domain/people/roles.ts';
import type { DeviceId, PersonId, WardId } from '$lib/domain/record/ids.ts';
import { err, ok, type Result } from '$lib/kernel/result.ts';
import type { Transaction } from '../database/pool.ts';
import { inTransaction } from '../database/transaction.ts';
import type { AuthContext } from './auth-context.ts';
import { recordAuthEvent } from './auth-events.ts';
import { type Grant, lastGrant, lockPerson } from './grant-rows.ts';
import { endSessions } from './session-rows.ts';

export type RevokeError = { readonly kind: 'not_allowed' | 'unknown_device' };

interface Which {
  readonly ward: WardId;
  readonly person: PersonId;
  readonly device: DeviceId;
}

/**
 * Turns a device: sessions end at once, open invitations of its owner stop, and its delivery tokens lead to quarantine.
 * The phone is told at its next contact, after what it had unsent has been taken.
 */
async function turn(tx: Transaction, which: Which, by: PersonId, now: Date): Promise<boolean> {
  const { ward, person, device } = which;
  const turned = await tx`
    update device set revoked_at = ${now}, revoked_by = ${by}
    where ward_id = ${ward} and person_id = ${person} and device_id = ${device} and revoked_at is null
    returning 1`;
  if (turned.length === 0) return false;
  await tx`
    update replica set revoked_at = ${now}
    where ward_id = ${ward} and person_id = ${person} and device_id = ${device} and revoked_at is null`;
  // What this device was answered before is not answered again, also not after it is enrolled anew.
  await tx`
    update invitation set nonce_hash = null
    where ward_id = ${ward} and person_id = ${person} and device_id = ${device}`;
  await tx`
    update invitation set expires_at = ${now}
    where ward_id = ${ward} and person_id = ${person} and redeemed_at is null and expires_at > ${now}`;
  await endSessions(tx, ward, { person, device }, now);
  return true;
}

/** Revokes one device of a member. Doing it again changes nothing. */
export async function revokeDevice(
  context: AuthContext,
  actor: Actor,
  of: { readonly person: PersonId; readonly device: DeviceId },
): Promise<Result<null, RevokeError>> {
  const { ward } = actor;
  return inTransaction(context.database, { wards: [ward], actor: actor.person }, async (tx) => {
    const [known] = await tx`
      select 1 from device where ward_id = ${ward} and person_id = ${of.person} and device_id = ${of.device}`;
    const grant = await lastGrant(tx, ward, of.person);
    if (known === undefined || grant === null) return err({ kind: 'unknown_device' });
    if (!mayRevoke(actor, grant)) return err({ kind: 'not_allowed' });
    await lockPerson(tx, ward, of.person);
    const now = new Date(context.clock.now());
    if (await turn(tx, { ward, ...of }, actor.person, now)) {
      await recordAuthEvent(tx, context, { ward, what: 'device_revoked', actor: actor.person, ...of });
    }
    return ok(null);
  });
}

export function mayRevoke(actor: Actor, owner: Pick<Grant, 'ward' | 'person' | 'role' | 'teams'>): boolean {
  return can(actor, 'device.revoke', relationToMember(actor, owner));
}
