import { ROLES, type Role } from '../../../src/lib/domain/people/roles.ts';
import { sha256, toBase64url, utf8 } from '../../../src/lib/kernel/bytes.ts';
import { inviteDevice } from '../../../src/lib/server/auth/invitation.ts';
import { type AuthWorld, type Member, newId, plantMember, plantRecord, testRandom } from '../auth-world.ts';
import { cookiesOf } from '../signed-in.ts';
import { type MutationMaker, mutationMaker } from '../sync-mutations.ts';
import type { Ground } from './valid-requests.ts';

/** A phone known to the server, by its token alone. */
export interface KnownPhone {
  readonly replica: string;
  readonly token: string;
  readonly member: Member;
}

export async function plantPhone(world: AuthWorld, member: Member): Promise<KnownPhone> {
  const replica = newId();
  const token = `${member.ward}.${toBase64url(testRandom.bytes(32))}`;
  await world.db.superuser.pool`
    insert into replica (ward_id, replica_id, person_id, token_hash)
    values (${member.ward}, ${replica}, ${member.person}, ${await sha256(utf8(token))})`;
  return { replica, token, member };
}

export const authorOf = ({ ward, person, grant, teams }: Member) => ({
  ward: ward as string,
  person: person as string,
  grant: grant as string,
  team: teams[0] as string,
});

/** A round that brings these saves from seq 1 on. */
export function roundOf(phone: KnownPhone, saves: readonly object[], more: object = {}) {
  const up = saves.map((save, at) => ({
    seq: at + 1,
    id: (save as { id: string }).id,
    plain: JSON.stringify(save),
    sealed: null,
    key: null,
  }));
  return {
    replica: phone.replica,
    heardTo: 0,
    rowsTo: 0,
    receipt: null,
    up,
    keys: [],
    down: { cursors: {}, limit: 100, key: null },
    unsent: 0,
    at: Date.now(),
    app: '1.0.0',
    ...more,
  };
}

export interface HostileWorld {
  readonly ground: Ground;
  readonly make: MutationMaker;
  readonly phone: KnownPhone;
  readonly stranger: KnownPhone;
}

/** Two wards with somebody of each role signed in, a phone in each, and valid requests' ingredients. */
export async function hostileGround(world: AuthWorld, origin: string): Promise<HostileWorld> {
  const make = mutationMaker(world.clock, testRandom);
  const members = new Map<Role, Member>();
  for (const role of ROLES) members.set(role, await plantMember(world.db, world.home, role, [world.red]));
  const cookies = {} as Record<Role, string>;
  for (const [role, member] of members) cookies[role] = await cookiesOf(world, member, origin);
  const helper = members.get('helper') as Member;
  const phone = await plantPhone(world, helper);
  const stranger = await plantPhone(world, world.farHelper);
  const invited = await inviteDevice(world.context, world.admin.actor, helper.person);
  const log = make.log(authorOf(helper));
  const round = roundOf(phone, [log, make.log(authorOf(helper))]);
  const file = {
    format: 'xks-unsent',
    v: 1,
    ward: world.home,
    replica: phone.replica,
    envelopes: round.up,
    keys: [],
    mac: 'm'.repeat(43),
  };
  const ids = {
    ...(await plantRecord(world.db, world.home, world.red)),
    person: helper.person as string,
    device: newId(),
    replica: newId(),
    mutation: log.id as string,
    team: world.red as string,
  };
  const code = invited.ok ? invited.value.code : '';
  const ground = { origin, cookies, ids, code, token: phone.token, otherToken: stranger.token, round, file };
  return { ground, make, phone, stranger };
}
