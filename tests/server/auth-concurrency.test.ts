import { beforeAll, describe, expect, it } from 'vitest';
import type { DeviceId } from '../../src/lib/domain/record/ids.ts';
import { inviteDevice } from '../../src/lib/server/auth/invitation.ts';
import { redeemInvitation } from '../../src/lib/server/auth/redeem.ts';
import { forkReplica } from '../../src/lib/server/auth/replica-fork.ts';
import { revokeDevice } from '../../src/lib/server/auth/revoke-device.ts';
import { authWorld, type AuthWorld, makeDevice, newId } from '../support/auth-world.ts';

let world: AuthWorld;
beforeAll(async () => {
  world = await authWorld();
});

async function invite(): Promise<string> {
  const made = await inviteDevice(world.context, world.admin.actor, world.helper.person);
  if (!made.ok) throw new Error(made.error.kind);
  return made.value.code;
}

/** Until so many transactions of the application stand waiting for somebody's lock. */
async function untilWaiting(count: number): Promise<void> {
  await expect
    .poll(async () => {
      const [row] = await world.db.superuser.pool<{ n: number }[]>`
        select count(*)::int as n from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'`;
      return row?.n;
    })
    .toBe(count);
}

const revoke = (device: DeviceId) =>
  revokeDevice(world.context, world.admin.actor, { person: world.helper.person, device });

describe('A2 enrolling again and revoking at the same moment', () => {
  it('wait for one another in turn, and neither fails', async () => {
    const phone = await makeDevice();
    const first = await redeemInvitation(world.context, phone.request(await invite()), '10.2.0.1');
    expect(first.ok).toBe(true);
    const again = phone.request(await invite(), { nonce: 'a-second-nonce-of-the-phone' });

    // Both get as far as they can while somebody else holds the replica's row; then it is let go.
    const { pool } = world.db.superuser;
    const both = await pool.begin(async (tx) => {
      await tx`select 1 from replica where replica_id = ${again.replica} for update`;
      const redeemed = redeemInvitation(world.context, again, '10.2.0.2');
      await untilWaiting(1);
      const revoked = revoke(phone.device);
      await untilWaiting(2);
      return { redeemed, revoked };
    });
    expect((await both.redeemed).ok).toBe(true);
    expect((await both.revoked).ok).toBe(true);
    const [device] = await pool`select revoked_at is not null as revoked from device`;
    expect(device?.['revoked']).toBe(true);
  });

  it('a fork and a revocation, too: the new replica is not left out', async () => {
    const phone = await makeDevice();
    const answer = await redeemInvitation(world.context, phone.request(await invite()), '10.2.0.3');
    if (!answer.ok) throw new Error(answer.error.problem);
    const { pool } = world.db.superuser;
    const both = await pool.begin(async (tx) => {
      await tx`select 1 from replica where replica_id = ${answer.value.replica} for update`;
      const forked = forkReplica(world.context, answer.value.deliveryToken, newId());
      await untilWaiting(1);
      const revoked = revoke(phone.device);
      await untilWaiting(2);
      return { forked, revoked };
    });
    expect((await both.forked).ok).toBe(true);
    expect((await both.revoked).ok).toBe(true);
    const rows = await pool`
      select revoked_at is not null as revoked from replica where device_id = ${phone.device}`;
    expect(rows.map((row) => row['revoked'] as boolean)).toEqual([true, true]);
  });
});
