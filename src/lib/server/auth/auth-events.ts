import type { DeviceId, PersonId, WardId } from '$lib/domain/record/ids.ts';
import type { Json } from '$lib/kernel/json.ts';
import { uuidv7 } from '$lib/kernel/uuid.ts';
import type { Transaction } from '../database/pool.ts';
import type { AuthContext } from './auth-context.ts';

/** What is recorded of the door: a closed list. */
export const AUTH_EVENTS = [
  'invited',
  'enrolled',
  'enrol_failed',
  'session_began',
  'session_refused',
  'signed_in',
  'sign_in_failed',
  'signed_out',
  'password_set',
  'password_changed',
  'device_revoked',
  'replica_forked',
  'grant_began',
  'grant_ended',
  'personal_opened',
  'restore_noted',
] as const;

export interface AuthEvent {
  readonly ward: WardId;
  readonly what: (typeof AUTH_EVENTS)[number];
  readonly person?: PersonId;
  /** Who did it, where that is not the person it concerns. */
  readonly actor?: PersonId;
  readonly device?: DeviceId;
  /** Ids and codes only: never a name, a label or an address. */
  readonly detail?: { readonly [key: string]: Json };
}

/** Adds one line to the door's book, in the transaction of what it tells of. */
export async function recordAuthEvent(
  tx: Transaction,
  context: Pick<AuthContext, 'clock' | 'random'>,
  event: AuthEvent,
): Promise<void> {
  const { ward, what, person, actor, device, detail } = event;
  await tx`
    insert into auth_event (ward_id, event_id, at, what, person_id, actor_id, device_id, detail)
    values (${ward}, ${uuidv7(context.clock, context.random)}, ${new Date(context.clock.now())}, ${what},
      ${person ?? null}, ${actor ?? person ?? null}, ${device ?? null}, ${tx.json({ ...detail })})`;
}
