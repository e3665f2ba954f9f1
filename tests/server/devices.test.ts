import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keepRegister } from '../../scripts/register-file.ts';
import { redeemInvitation } from '../../src/lib/server/auth/redeem.ts';
import { inviteDevice } from '../../src/lib/server/auth/invitation.ts';
import { revokeDevice } from '../../src/lib/server/auth/revoke-device.ts';
import {
  readRegister,
  registerPath,
  replayRegister,
} from '../../src/lib/server/backup/revocation-register.ts';
import { restoreBackup } from '../../src/lib/server/backup/restore-backup.ts';
import { writeBackup } from '../../src/lib/server/backup/write-backup.ts';
import { inTransaction } from '../../src/lib/server/database/transaction.ts';
import { changePerson } from '../../src/lib/server/people/people-commands.ts';
import {
  chooseDevices,
  countDevices,
  listDevices,
  SILENT_MS,
} from '../../src/lib/server/people/device-list.ts';
import { type DeviceInList, listPeople } from '../../src/lib/server/people/people-lists.ts';
import { meetEpoch } from '../../src/lib/server/sync/epochs.ts';
import { postgresStore } from '../../src/lib/server/sync/postgres-store.ts';
import { authWorld, type AuthWorld, makeDevice, type Member, testRandom } from '../support/auth-world.ts';
import { testDatabase } from '../support/database.ts';
import { mutationMaker } from '../support/sync-mutations.ts';
import { WirePhone } from '../support/sync-phone.ts';

let world: AuthWorld;
let home: string;

beforeAll(async () => {
  world = await authWorld();
  home = mkdtempSync(join(tmpdir(), 'xks-devices-'));
  await meetEpoch(syncWorld());
});
afterAll(() => rmSync(home, { recursive: true }));

const syncWorld = () => ({
  store: postgresStore(world.db.web),
  keys: world.keys,
  clock: world.clock,
  random: testRandom,
});
const make = () => mutationMaker(world.clock, testRandom);

/** Invites, redeems and begins to speak, each by the doors that people use. */
async function enrol(member: Member, device = makeDevice()) {
  const invited = await inviteDevice(world.context, world.admin.actor, member.person);
  if (!invited.ok) throw new Error(invited.error.kind);
  const own = await device;
  const request = own.request(invited.value.code);
  const answer = await redeemInvitation(world.context, request, `10.1.${Math.floor(Math.random() * 250)}.7`);
  if (!answer.ok) throw new Error(answer.error.problem);
  const identity = {
    ward: member.ward as string,
    person: member.person as string,
    grant: member.grant as string,
    team: member.teams[0] as string,
    replica: request.replica as string,
    device: request.device as string,
    token: answer.value.deliveryToken,
  };
  const phone = new WirePhone(syncWorld(), identity, testRandom);
  await phone.makeKey();
  return { phone, own, of: { person: member.person, device: request.device } };
}

async function shown(of: { person: string; device: string }, by = world.admin): Promise<DeviceInList> {
  const people = await listPeople(world.context, by.actor);
  const device = people
    .find(({ person }) => person === of.person)
    ?.devices?.find(({ device: id }) => id === of.device);
  if (device === undefined) throw new Error('this device is not in the list');
  return device;
}

const log = (phone: WirePhone) => make().log(phone.identity);

describe('A3 I10 what a device says of itself stands in the list', () => {
  it('last contact, how much it still holds, its build, and its clock where it is far off', async () => {
    const { phone, of } = await enrol(world.helper);
    expect(await shown(of)).toMatchObject({ state: 'active', unsent: null, version: null, skewMs: null });
    for (let n = 0; n < 3; n++) await phone.save(log(phone));
    const now = world.clock.now();
    const says = { unsent: 7, at: now + 2000, app: '1.0.0+abc' };
    await phone.round({ down: false, says });
    const first = await shown(of);
    expect(first).toMatchObject({
      state: 'active',
      unsent: 7,
      version: '1.0.0+abc',
      skewMs: null,
      received: 3,
    });
    expect(first.lastSeenAt?.getTime()).toBeGreaterThanOrEqual(now);
    await phone.round({ down: false, says: { unsent: 0, at: world.clock.now() - 10 * 365 * 86_400_000 } });
    const second = await shown(of);
    expect(second).toMatchObject({ unsent: 0, version: '1.0.0+abc' });
    expect(Math.round((second.skewMs ?? 0) / 86_400_000)).toBe(-3650);
    // What counted on to arrive and did not is still with the phone.
    await phone.save(log(phone));
    await phone.save(log(phone));
    const answer = await phone.ask({ up: phone.outbox.slice(-1), down: false, says: { unsent: 1 } });
    expect(answer.problem).toBe('gap');
    expect((await shown(of)).unsent).toBe(2);
  });

  it('a phone of before says nothing, and what was known stays', async () => {
    const { phone, of } = await enrol(world.helper);
    await phone.round({ down: false, says: { unsent: 4, at: world.clock.now(), app: 'x' } });
    world.clock.advance(120_000);
    await phone.round({ down: false });
    expect(await shown(of)).toMatchObject({ unsent: 4, version: 'x' });
  });
});

describe('A3 I1 I6 revoking drains', () => {
  it('draining until the phone has come by with everything; what it brings is acknowledged and kept apart', async () => {
    const { phone, of } = await enrol(world.helper);
    await phone.save(log(phone));
    await phone.round({ down: false, says: { unsent: 2 } });
    expect(await revokeDevice(world.context, world.lead.actor, of)).toMatchObject({ ok: true });
    expect((await shown(of)).state).toBe('draining');
    await phone.save(log(phone));
    await phone.save(log(phone));
    const half = await phone.round({ up: phone.unsent().slice(0, 1), down: false, says: { unsent: 1 } });
    expect([half.problem, half.settled.map(({ outcome }) => outcome)]).toEqual([
      'revoked',
      [{ is: 'refused', code: 'revoked' }],
    ]);
    expect((await shown(of)).state).toBe('draining');
    const rest = await phone.round({ down: false, says: { unsent: 0 } });
    expect(rest.settled).toHaveLength(1);
    expect(await shown(of)).toMatchObject({ state: 'revoked', unsent: 0, received: 3 });
    const kept = await world.db.superuser.pool`
      select 1 from quarantine where person_id = ${of.person} and settled_at is null and why ->> 'code' = 'revoked'`;
    expect(kept).toHaveLength(2);
  });
});

describe('A3 a phone with nothing left', () => {
  it('is empty at its first contact after the revocation, however soon that comes', async () => {
    const { phone, of } = await enrol(world.helper);
    await phone.round({ down: false, says: { unsent: 0 } });
    await revokeDevice(world.context, world.lead.actor, of);
    expect((await shown(of)).state).toBe('draining');
    expect((await phone.round({ down: false, says: { unsent: 0 } })).problem).toBe('revoked');
    expect((await shown(of)).state).toBe('revoked');
  });
});

describe('A1 A3 all devices of the ward in one list', () => {
  const seenBy = async (by: Member) => {
    const devices = await listDevices(world.context, by.actor);
    return new Set(devices.map(({ device }) => device as string));
  };

  it('a device stands in the lists of those who may see it, and in no other ward’s', async () => {
    const [own, teamless] = [await enrol(world.helper), await enrol(world.otherHelper)];
    const ids = [own.of.device, teamless.of.device] as string[];
    const shownTo = async (by: Member) => {
      const seen = await seenBy(by);
      return ids.map((id) => seen.has(id));
    };
    expect(await shownTo(world.admin)).toEqual([true, true]);
    expect(await shownTo(world.lead)).toEqual([true, false]);
    expect(await shownTo(world.helper)).toEqual([true, false]);
    expect(await shownTo(world.otherHelper)).toEqual([false, true]);
    expect(await shownTo(world.farLead)).toEqual([false, false]);
  });

  it('looked through for what is unsent, silent, off by its clock or stopped; longest silence first on wish', async () => {
    const late = await enrol(world.helper);
    await late.phone.round({ down: false, says: { unsent: 3, at: world.clock.now() } });
    world.clock.advance(SILENT_MS);
    const wrong = await enrol(world.helper);
    await wrong.phone.round({ down: false, says: { unsent: 0, at: world.clock.now() - 3_600_000 } });
    const gone = await enrol(world.helper);
    await revokeDevice(world.context, world.admin.actor, gone.of);

    const now = world.clock.now();
    const devices = await listDevices(world.context, world.helper.actor);
    const among = [late.of.device, wrong.of.device, gone.of.device] as string[];
    const found = (look: 'all' | 'unsent' | 'silent' | 'clock' | 'stopped') =>
      chooseDevices(devices, { team: null, look, sort: 'oldest' }, now)
        .map(({ device }) => among.indexOf(device))
        .filter((at) => at >= 0);
    expect(found('all')[0]).toBe(0);
    expect(found('all')).toHaveLength(3);
    expect(found('unsent')).toEqual([0]);
    expect(found('silent')).toEqual([0]);
    expect(found('clock')).toEqual([1]);
    expect(found('stopped')).toEqual([2]);
    expect(countDevices(devices, now).all).toBe(devices.length);
    const elsewhere = { team: world.blue as string, look: 'all', sort: 'newest' } as const;
    expect(chooseDevices(devices, elsewhere, now)).toEqual([]);
  });
});

describe('I8 the register outlives the database', () => {
  it('a device revoked after the backup stays revoked when that backup is restored; one enrolled anew does not', async () => {
    const lost = await enrol(world.otherHelper);
    const again = await enrol(world.otherHelper);
    const left = await enrol(world.helper);
    const directory = join(home, 'backup');
    await writeBackup(world.db.owner, directory, world.clock.now());
    for (const { of } of [lost, again]) await revokeDevice(world.context, world.lead.actor, of);
    for (const { of } of [lost, again]) await revokeDevice(world.context, world.admin.actor, of);
    // The register on the disk names both; one of them is then enrolled anew.
    await keepRegister(world.db.owner, [registerPath(home)]);
    world.clock.advance(1000);
    await enrol(world.otherHelper, Promise.resolve(again.own));
    const people = { ...world.context, office: syncWorld() };
    const row = (await listPeople(world.context, world.admin.actor)).find(
      ({ person }) => person === world.helper.person,
    );
    const ended = { person: world.helper.person, active: false, ending: 'revocation' as const };
    await changePerson(people, world.admin.actor, { ...ended, shown: row?.stamps ?? {} });
    await keepRegister(world.db.owner, [registerPath(home)]);

    const into = await testDatabase();
    const register = await inTransaction(world.db.owner, { wards: [world.home, world.away] }, readRegister);
    const restored = await restoreBackup(into.owner, {
      directory,
      migrationsDirectory: 'migrations',
      register,
      random: testRandom,
      now: world.clock.now(),
    });
    expect(restored).toMatchObject({ ok: true });
    const states = async () =>
      new Map(
        (
          await into.superuser.pool<{ id: string; revoked: boolean }[]>`
          select replica_id as id, revoked_at is not null as revoked from replica where kind = 'phone'`
        ).map(({ id, revoked }) => [id, revoked]),
      );
    const device = async (id: string): Promise<unknown> => {
      const [row] = await into.superuser.pool`select revoked_at from device where device_id = ${id}`;
      return row?.['revoked_at'] ?? null;
    };
    expect((await states()).get(lost.phone.identity.replica)).toBe(true);
    expect(await device(lost.of.device)).not.toBeNull();
    const [grant] = await into.superuser.pool`
      select ended_how from access_grant where grant_id = ${left.phone.identity.grant}`;
    expect(grant).toMatchObject({ ended_how: 'revocation' });

    // Somebody puts the old tables back and tells nobody: the register beside the data is replayed at the next start.
    await into.superuser.pool`update device set revoked_at = null`;
    await into.superuser.pool`update replica set revoked_at = null`;
    await into.superuser.pool`
      update device set enrolled_at = ${new Date(world.clock.now())} where device_id = ${again.of.device}`;
    await replayRegister(into.web, registerPath(home));
    expect(await device(lost.of.device)).not.toBeNull();
    expect(await device(again.of.device)).toBeNull();
    const now = await states();
    expect([now.get(lost.phone.identity.replica), now.get(again.phone.identity.replica)]).toEqual([
      true,
      false,
    ]);
  });
});
