import { beforeEach, describe, expect, it } from 'vitest';
import type { ReplicaId, WardId } from '../../src/lib/domain/record/ids.ts';
import { readCurrentSession } from '../../src/lib/server/auth/current-session.ts';
import { giveChallenge } from '../../src/lib/server/auth/device-session.ts';
import { presentGrant } from '../../src/lib/server/auth/grant-rows.ts';
import { inviteDevice } from '../../src/lib/server/auth/invitation.ts';
import { redeemInvitation } from '../../src/lib/server/auth/redeem.ts';
import { forkReplica } from '../../src/lib/server/auth/replica-fork.ts';
import { revokeDevice } from '../../src/lib/server/auth/revoke-device.ts';
import { signIn } from '../../src/lib/server/auth/sign-in.ts';
import { inTransaction } from '../../src/lib/server/database/transaction.ts';
import { makeWard } from '../../src/lib/server/people/new-ward.ts';
import { addPerson, changePerson } from '../../src/lib/server/people/people-commands.ts';
import { listPeople, listTeams } from '../../src/lib/server/people/people-lists.ts';
import type { PeopleContext } from '../../src/lib/server/people/people-save.ts';
import { addTeam, changeTeam } from '../../src/lib/server/people/place-commands.ts';
import { resetLogin } from '../../src/lib/server/people/reset-login.ts';
import { meetEpoch } from '../../src/lib/server/sync/epochs.ts';
import { postgresStore } from '../../src/lib/server/sync/postgres-store.ts';
import { testBrowser, type TestBrowser } from '../support/auth-event.ts';
import { authWorld, type AuthWorld, makeDevice, type Member, newId } from '../support/auth-world.ts';

let world: AuthWorld;
let people: PeopleContext;
beforeEach(async () => {
  world = await authWorld();
  const { clock, context, keys } = world;
  const office = { store: postgresStore(world.db.web), keys, clock, random: context.random };
  await meetEpoch(office);
  people = { ...context, office };
});

const enter = (login: string, password: string, browser: TestBrowser = testBrowser()) =>
  signIn(
    { ...world.context, pause: () => Promise.resolve() },
    browser.event(),
    { login, password },
    '10.2.2.2',
  );
const grantOf = (person: Member['person']) =>
  inTransaction(world.db.web, { wards: [world.home] }, (tx) => presentGrant(tx, world.home, person));

async function enrol(who: Member, by: Member) {
  const device = await makeDevice();
  const invited = await inviteDevice(world.context, by.actor, who.person);
  if (!invited.ok) throw new Error(invited.error.kind);
  const answer = await redeemInvitation(world.context, device.request(invited.value.code), '10.2.2.2');
  if (!answer.ok) throw new Error(answer.error.problem);
  return { device, token: answer.value.deliveryToken };
}

describe('A1 people are written through the door, and authority follows the row', () => {
  it('a new office person signs in with the password shown once, and must change it', async () => {
    const added = await addPerson(people, world.admin.actor, {
      name: '  Đặng Thị  Mai ',
      role: 'ward_leader',
      teams: [],
      login: 'Mai.Dang',
    });
    if (!added.ok) throw new Error(added.error.kind);
    const { person, firstPassword } = added.value;
    expect(firstPassword).toMatch(/^[a-z2-9]{5}-[a-z2-9]{5}-[a-z2-9]{5}$/);
    expect(await grantOf(person)).toMatchObject({ role: 'ward_leader', ended: null });
    const listed = (await listPeople(world.context, world.admin.actor)).find((row) => row.person === person);
    expect(listed).toMatchObject({
      name: 'Đặng Thị Mai',
      role: 'ward_leader',
      login: 'mai.dang',
      active: true,
    });
    expect(await enter('mai.dang', firstPassword ?? '')).toMatchObject({
      ok: true,
      value: { to: '/first-password' },
    });
  });

  it('nothing of a person stays when the login is taken', async () => {
    await addPerson(people, world.admin.actor, { name: 'Một', role: 'clerk', teams: [], login: 'mot.cua' });
    const before = (await listPeople(world.context, world.admin.actor)).length;
    const second = await addPerson(people, world.admin.actor, {
      name: 'Hai',
      role: 'clerk',
      teams: [],
      login: 'mot.cua',
    });
    expect(second).toEqual({ ok: false, error: { kind: 'login_taken' } });
    expect(await listPeople(world.context, world.admin.actor)).toHaveLength(before);
  });

  it('a changed team is a new grant: the old one ended by transfer', async () => {
    const added = await addPerson(people, world.admin.actor, {
      name: 'Ba',
      role: 'helper',
      teams: [world.red],
      login: null,
    });
    if (!added.ok) throw new Error(added.error.kind);
    const first = await grantOf(added.value.person);
    const [row] = (await listPeople(world.context, world.admin.actor)).filter(
      (one) => one.person === added.value.person,
    );
    const { person } = added.value;
    const change = { person, teams: [world.blue], shown: row?.stamps ?? {} };
    expect(await changePerson(people, world.admin.actor, change)).toEqual({
      ok: true,
      value: { clashed: false },
    });
    const second = await grantOf(person);
    expect(second).toMatchObject({ teams: [world.blue] });
    expect(second?.id).not.toBe(first?.id);
    const [old] = await world.db.superuser
      .pool`select ended_how from access_grant where grant_id = ${first?.id ?? null}`;
    expect(old?.['ended_how']).toBe('transfer');
  });

  it('a late change that clashes changes neither row nor authority', async () => {
    const added = await addPerson(people, world.admin.actor, {
      name: 'Tư',
      role: 'helper',
      teams: [],
      login: null,
    });
    if (!added.ok) throw new Error(added.error.kind);
    const { person } = added.value;
    const [row] = (await listPeople(world.context, world.admin.actor)).filter((one) => one.person === person);
    const shown = row?.stamps ?? {};
    await changePerson(people, world.admin.actor, { person, role: 'team_lead', shown });
    await changePerson(people, world.admin.actor, { person, role: 'administrator', shown });
    expect(await grantOf(person)).toMatchObject({ role: 'team_lead' });
    const [after] = (await listPeople(world.context, world.admin.actor)).filter(
      (one) => one.person === person,
    );
    expect(after?.clashes).toHaveLength(1);
  });

  it('who leaves has no session and no way in', async () => {
    const added = await addPerson(people, world.admin.actor, {
      name: 'Năm',
      role: 'clerk',
      teams: [],
      login: 'nam',
    });
    if (!added.ok) throw new Error(added.error.kind);
    const { person, firstPassword } = added.value;
    const browser = testBrowser();
    await enter('nam', firstPassword ?? '', browser);
    expect(await readCurrentSession(world.context, browser.event())).not.toBeNull();
    const [row] = (await listPeople(world.context, world.admin.actor)).filter((one) => one.person === person);
    await changePerson(people, world.admin.actor, {
      person,
      active: false,
      ending: 'revocation',
      shown: row?.stamps ?? {},
    });
    expect(await readCurrentSession(world.context, browser.event())).toBeNull();
    expect((await enter('nam', firstPassword ?? '')).ok).toBe(false);
    expect(await grantOf(person)).toBeNull();
  });

  it.each(['', '   ', 'x'.repeat(121)])('a name such as %j is told, not stored', async (name) => {
    const added = await addPerson(people, world.admin.actor, {
      name,
      role: 'helper',
      teams: [],
      login: null,
    });
    expect(added.ok).toBe(false);
  });

  it('only administrators write people and teams', async () => {
    for (const by of [world.lead, world.helper, world.farLead]) {
      const given = { name: 'Sáu', role: 'helper' as const, teams: [], login: null };
      expect(await addPerson(people, by.actor, given)).toEqual({ ok: false, error: { kind: 'not_allowed' } });
      expect(await addTeam(people, by.actor, { name: 'Tổ' })).toEqual({
        ok: false,
        error: { kind: 'not_allowed' },
      });
      expect(await resetLogin(world.context, by.actor, world.admin.person, 'admin')).toMatchObject({
        ok: false,
      });
    }
  });

  it('teams are added and renamed', async () => {
    const made = await addTeam(people, world.admin.actor, { name: 'Tổ 3' });
    if (!made.ok) throw new Error(made.error.kind);
    const team = (await listTeams(world.context, world.admin.actor)).find((row) => row.name === 'Tổ 3');
    if (team === undefined) throw new Error('not listed');
    expect((await changeTeam(people, world.admin.actor, team.team, { name: 'Tổ Ba' }, team.stamps)).ok).toBe(
      true,
    );
    expect((await listTeams(world.context, world.admin.actor)).map(({ name }) => name)).toContain('Tổ Ba');
  });
});

describe('A10 the last administrator cannot leave', () => {
  it('neither by another role nor by going', async () => {
    const made = await makeWard(
      people,
      {
        ward: 'moi' as WardId,
        name: 'Xã Mới',
        word: 'xã',
        province: 'Tỉnh Thử',
        unitCode: null,
        demo: false,
      },
      { name: 'Quản Trị', login: 'quan.tri' },
    );
    if (!made.ok) throw new Error(made.error.kind);
    const { administrator, firstPassword } = made.value;
    const self = async () => (await listPeople(world.context, administrator))[0];
    const shown = (await self())?.stamps ?? {};
    const last = { ok: false, error: { kind: 'last_administrator' } };
    const { person } = administrator;
    expect(await changePerson(people, administrator, { person, role: 'helper', shown })).toEqual(last);
    expect(await changePerson(people, administrator, { person, active: false, shown })).toEqual(last);
    expect(await self()).toMatchObject({ role: 'administrator', active: true });
    expect((await enter('quan.tri', firstPassword ?? '')).ok).toBe(true);
  });

  it('a ward is made once, and a login name belongs to one', async () => {
    const ward = { ward: 'mau' as WardId, name: 'X', word: 'xã', province: 'T', unitCode: null, demo: false };
    expect(await makeWard(people, ward, { name: 'A', login: null })).toEqual({
      ok: false,
      error: { kind: 'ward_exists' },
    });
    await resetLogin(world.context, world.admin.actor, world.admin.person, 'chung');
    const other = { ...ward, ward: 'moi' as WardId };
    expect(await makeWard(people, other, { name: 'A', login: 'chung' })).toMatchObject({
      error: { kind: 'login_taken' },
    });
  });
});

describe('A3 devices', () => {
  const devicesSeenBy = async (who: Member) =>
    (await listPeople(world.context, who.actor)).filter(
      (row) => row.devices !== null && row.devices.length > 0,
    );

  it('are seen by administrator, leader and own team lead, not by other helpers or wards', async () => {
    await enrol(world.helper, world.lead);
    expect((await devicesSeenBy(world.lead)).map(({ person }) => person)).toEqual([world.helper.person]);
    expect(await devicesSeenBy(world.admin)).toHaveLength(1);
    expect(await devicesSeenBy(world.otherHelper)).toEqual([]);
    expect(await devicesSeenBy(world.helper)).toHaveLength(1);
    expect(await listPeople(world.context, world.farLead.actor)).toHaveLength(2);
  });

  it('revoked: no session, no new challenge, tokens turned, forks turned with them; twice is once', async () => {
    const { device, token } = await enrol(world.helper, world.lead);
    const of = { person: world.helper.person, device: device.device };
    expect(await revokeDevice(world.context, world.lead.actor, of)).toEqual({ ok: true, value: null });
    expect(await revokeDevice(world.context, world.lead.actor, of)).toEqual({ ok: true, value: null });
    expect(await giveChallenge(world.context, of, '::1')).toMatchObject({
      ok: false,
      error: { problem: 'revoked' },
    });
    const forked = await forkReplica(world.context, token, newId<ReplicaId>());
    expect(forked.ok).toBe(true);
    const replicas = await world.db.superuser
      .pool`select revoked_at from replica where person_id = ${of.person}`;
    expect(replicas).toHaveLength(2);
    expect(replicas.every((row) => row['revoked_at'] !== null)).toBe(true);
    const events = await world.db.superuser.pool`select 1 from auth_event where what = 'device_revoked'`;
    expect(events).toHaveLength(1);
  });

  it('an open invitation of the owner stops with it, and a new one brings the phone back', async () => {
    const { device } = await enrol(world.helper, world.lead);
    const open = await inviteDevice(world.context, world.lead.actor, world.helper.person);
    const of = { person: world.helper.person, device: device.device };
    await revokeDevice(world.context, world.lead.actor, of);
    if (!open.ok) throw new Error('not invited');
    const stranger = await makeDevice();
    expect((await redeemInvitation(world.context, stranger.request(open.value.code), '::1')).ok).toBe(false);
    const again = await inviteDevice(world.context, world.lead.actor, world.helper.person);
    if (!again.ok) throw new Error('not invited');
    const request = device.request(again.value.code, { nonce: 'another-nonce-of-this-phone' });
    expect((await redeemInvitation(world.context, request, '::1')).ok).toBe(true);
    expect((await giveChallenge(world.context, of, '::1')).ok).toBe(true);
  });

  it('are not revoked by those who may not, nor across teams or wards', async () => {
    const { device } = await enrol(world.otherHelper, world.admin);
    const of = { person: world.otherHelper.person, device: device.device };
    for (const by of [world.lead, world.helper, world.otherHelper]) {
      expect(await revokeDevice(world.context, by.actor, of)).toEqual({
        ok: false,
        error: { kind: 'not_allowed' },
      });
    }
    expect(await revokeDevice(world.context, world.farLead.actor, of)).toEqual({
      ok: false,
      error: { kind: 'unknown_device' },
    });
  });
});

describe('what happened at the door', () => {
  it('is written down with ids only and cannot be altered', async () => {
    await enrol(world.helper, world.lead);
    const lines = await world.db.superuser.pool`select * from auth_event order by at`;
    expect(lines.map((line) => line['what'] as string)).toEqual(['invited', 'enrolled']);
    expect(JSON.stringify(lines)).not.toMatch(/Hạnh|Chrome|10\.2\.2/);
    for (const change of ['update auth_event set what = null', 'delete from auth_event']) {
      const altered = inTransaction(world.db.web, { wards: [world.home] }, (tx) => tx.unsafe(change));
      await expect(altered).rejects.toThrow(/permission denied/);
    }
  });
});
