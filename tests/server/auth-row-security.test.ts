import { beforeAll, describe, expect, it } from 'vitest';
import type { ReplicaId } from '../../src/lib/domain/record/ids.ts';
import { sealToBox } from '../../src/lib/kernel/crypto/sealed-box.ts';
import { keyAad } from '../../src/lib/protocol/bound-bytes.ts';
import { giveChallenge, startDeviceSession } from '../../src/lib/server/auth/device-session.ts';
import { inviteDevice } from '../../src/lib/server/auth/invitation.ts';
import { redeemInvitation } from '../../src/lib/server/auth/redeem.ts';
import { signIn } from '../../src/lib/server/auth/sign-in.ts';
import { inTransaction } from '../../src/lib/server/database/transaction.ts';
import { resetLogin } from '../../src/lib/server/people/reset-login.ts';
import { testBrowser } from '../support/auth-event.ts';
import {
  authWorld,
  type AuthWorld,
  makeDevice,
  type Member,
  newId,
  plantMember,
  testRandom,
} from '../support/auth-world.ts';

/** Every table that the door writes and that holds a ward's data. */
const TABLES = [
  'access_grant',
  'auth_event',
  'challenge',
  'credential',
  'data_key',
  'device',
  'invitation',
  'known_browser',
  'person',
  'replica',
  'session',
  'team',
  'ward',
  'ward_door',
] as const;
/** Tables that belong to no ward: each with its reason in the migrations. */
const WARDLESS = ['epoch', 'rate_limit', 'schema_migration', 'signing_key'];

let world: AuthWorld;

/** Fills every table of the door with rows of one ward. */
async function live(lead: Member, helper: Member, administrator: Member, login: string): Promise<void> {
  const device = await makeDevice();
  const invited = await inviteDevice(world.context, lead.actor, helper.person);
  if (!invited.ok) throw new Error(invited.error.kind);
  const aad = keyAad(helper.person, device.device, 'k');
  const box = (await sealToBox(world.keys.deliveryKey.publicKey, testRandom.bytes(32), aad)) ?? '';
  const keys = [{ key: 'k', to: world.keys.deliveryKey.id, box }];
  const replica = newId<ReplicaId>();
  await redeemInvitation(world.context, device.request(invited.value.code, { keys, replica }), '::1');
  const asked = { device: device.device, person: helper.person };
  const given = await giveChallenge(world.context, asked, '::1');
  if (!given.ok) throw new Error(given.error.problem);
  const { challenge } = given.value;
  const signature = await device.sign(helper.person, challenge);
  await startDeviceSession(world.context, { ...asked, challenge, signature });
  const reset = await resetLogin(world.context, administrator.actor, administrator.person, login);
  if (!reset.ok) throw new Error(reset.error.kind);
  const form = { login, password: reset.value.firstPassword };
  await signIn({ ...world.context, pause: () => Promise.resolve() }, testBrowser().event(), form, '::1');
}

beforeAll(async () => {
  world = await authWorld();
  const farAdmin = await plantMember(world.db, world.away, 'administrator');
  await live(world.lead, world.helper, world.admin, 'gan.day');
  await live(world.farLead, world.farHelper, farAdmin, 'xa.xoi');
});

const wardsSeen = (table: string, scope: readonly string[]): Promise<string[]> =>
  inTransaction(world.db.web, { wards: scope }, async (tx) => {
    const rows = await tx<{ ward_id: string }[]>`select distinct ward_id from ${tx(table)} order by 1`;
    return rows.map((row) => row.ward_id);
  });

describe('I7 A1 wards are apart at the door, table by table', () => {
  it.each(TABLES)(
    '%s shows one ward to its own and nothing without a scope; red when the wall is taken away',
    async (table) => {
      expect(await wardsSeen(table, ['mau'])).toEqual(['mau']);
      expect(await wardsSeen(table, ['khac'])).toEqual(['khac']);
      expect(await wardsSeen(table, [])).toEqual([]);
      await world.db.owner.pool.unsafe(`alter table ${table} disable row level security`);
      expect(await wardsSeen(table, ['mau'])).toEqual(['khac', 'mau']);
      await world.db.owner.pool.unsafe(`alter table ${table} enable row level security`);
      expect(await wardsSeen(table, ['mau'])).toEqual(['mau']);
    },
  );

  it('nothing is written into another ward, nor taken from it', async () => {
    const away = { ward_id: 'khac', kind: 'code', hash: 'h', target: newId<ReplicaId>() };
    const intoAway = inTransaction(
      world.db.web,
      { wards: ['mau'] },
      (tx) => tx`insert into ward_door ${tx(away)}`,
    );
    await expect(intoAway).rejects.toThrow(/row-level security/);
    const taken = await inTransaction(world.db.web, { wards: ['mau'] }, async (tx) => {
      const gone = await tx`delete from session where ward_id = 'khac' returning 1`;
      const moved = await tx`update device set label = 'x' where ward_id = 'khac' returning 1`;
      return gone.length + moved.length;
    });
    expect(taken).toBe(0);
  });

  it('every table of the schema is behind the wall, forced, but for the named few', async () => {
    const rows = await world.db.superuser.pool<{ name: string; walled: boolean; policies: number }[]>`
      select c.relname as name, c.relrowsecurity and c.relforcerowsecurity as walled,
        (select count(*)::int from pg_policy p where p.polrelid = c.oid) as policies
      from pg_class c where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace order by 1`;
    const open = rows.filter(({ walled, policies }) => !walled || policies === 0).map(({ name }) => name);
    expect(open).toEqual(WARDLESS);
  });

  it('only an exact hash looks across wards', async () => {
    const look = (sql: string) => inTransaction(world.db.web, { wards: [] }, (tx) => tx.unsafe(sql));
    expect(await look(`select * from ward_behind('login', '%')`)).toHaveLength(0);
    expect(await look(`select * from ward_door`)).toHaveLength(0);
    const names = await look(`select * from wards_in_front()`);
    expect(Object.keys(names[0] ?? {}).sort()).toEqual(['demo', 'name', 'ward_id', 'word']);
  });
});
