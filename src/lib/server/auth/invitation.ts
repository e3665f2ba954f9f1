import { mayInvite } from '$lib/domain/people/permissions.ts';
import type { Actor } from '$lib/domain/people/roles.ts';
import type { PersonId, WardId } from '$lib/domain/record/ids.ts';
import { toBase64url } from '$lib/kernel/bytes.ts';
import { err, ok, type Result } from '$lib/kernel/result.ts';
import { uuidv7 } from '$lib/kernel/uuid.ts';
import type { Transaction } from '../database/pool.ts';
import { inTransaction } from '../database/transaction.ts';
import type { AuthContext } from './auth-context.ts';
import { recordAuthEvent } from './auth-events.ts';
import { openDoor } from './door-rows.ts';
import { presentGrant } from './grant-rows.ts';
import { drawCode, selectorOf } from './invitation-code.ts';
import { hashSecret } from './secrets.ts';

export const INVITATION_MS = 10 * 60_000;
/** An answer that was lost on the way can be asked for again this long after the redemption. */
export const REPEAT_MS = 24 * 3_600_000;

/** What is shown once: as QR `<origin>/enrol#<code>`, and to be typed. It lies nowhere in the clear. */
export interface Invitation {
  readonly code: string;
  readonly expiresAt: number;
}

export interface Inviting {
  readonly ward: WardId;
  readonly person: PersonId;
  /** Who answers for it. */
  readonly by: PersonId;
}

async function clearOld(tx: Transaction, { ward, person }: Inviting, now: Date): Promise<void> {
  await tx`
    update invitation set expires_at = ${now}
    where ward_id = ${ward} and person_id = ${person} and redeemed_at is null and expires_at > ${now}`;
  await tx`delete from ward_door where ward_id = ${ward} and kind = 'code' and expires_at < ${now}`;
}

/** Writes an invitation; earlier open ones of the same person stop working. Authority has been asked. */
export async function writeInvitation(
  tx: Transaction,
  context: AuthContext,
  inviting: Inviting,
): Promise<Invitation> {
  const { ward, person, by } = inviting;
  const now = context.clock.now();
  const expiresAt = now + INVITATION_MS;
  await clearOld(tx, inviting, new Date(now));
  const id = uuidv7(context.clock, context.random);
  const doorExpiry = new Date(expiresAt + REPEAT_MS);
  let code = drawCode(context.random);
  while (!(await openDoor(tx, 'code', selectorOf(code), { ward, target: id, expiresAt: doorExpiry }))) {
    code = drawCode(context.random);
  }
  await tx`
    insert into invitation (ward_id, invitation_id, person_id, code_hash, made_by, made_at, expires_at, salt)
    values (${ward}, ${id}, ${person}, ${await hashSecret(code)}, ${by}, ${new Date(now)}, ${new Date(expiresAt)},
      ${toBase64url(context.random.bytes(32))})`;
  await recordAuthEvent(tx, context, { ward, what: 'invited', person, actor: by });
  return { code, expiresAt };
}

export type InviteError = { readonly kind: 'not_allowed' | 'unknown_person' };

/**
 * A team lead or an administrator invites somebody to enrol a device; the same act is the reset after a lost PIN or a
 * new phone. Nobody hands out more authority than the table of permissions gives them.
 */
export async function inviteDevice(
  context: AuthContext,
  actor: Actor,
  person: PersonId,
): Promise<Result<Invitation, InviteError>> {
  return inTransaction(context.database, { wards: [actor.ward], actor: actor.person }, async (tx) => {
    const grant = await presentGrant(tx, actor.ward, person);
    if (grant === null) return err({ kind: 'unknown_person' });
    if (!mayInvite(actor, grant)) return err({ kind: 'not_allowed' });
    return ok(await writeInvitation(tx, context, { ward: actor.ward, person, by: actor.person }));
  });
}
