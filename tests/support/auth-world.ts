import { makeKeyRing, serverKeys } from '../../src/lib/server/keys/server-keys.ts';
import type { Role } from '../../src/lib/domain/people/roles.ts';
import type { Actor } from '../../src/lib/domain/people/roles.ts';
import type {
  DeviceId,
  GrantId,
  PersonId,
  ReplicaId,
  TeamId,
  WardId,
} from '../../src/lib/domain/record/ids.ts';
import { toBase64url, utf8 } from '../../src/lib/kernel/bytes.ts';
import { uuidv7 } from '../../src/lib/kernel/uuid.ts';
import { challengeText, type EnrolRequest } from '../../src/lib/protocol/enrol.ts';
import { beginGrant } from '../../src/lib/server/auth/grant-rows.ts';
import { inTransaction } from '../../src/lib/server/database/transaction.ts';
import { testDatabase } from './database.ts';
import type { TestDatabase } from './open-test-database.ts';

/** Machine time that a test may move on; close to now, because lucia looks at the machine's clock too. */
export interface TestClock {
  now(): number;
  advance(ms: number): void;
}

export function testClock(): TestClock {
  let ahead = 0;
  return { now: () => Date.now() + ahead, advance: (ms) => (ahead += ms) };
}

export const testRandom = { bytes: (length: number) => crypto.getRandomValues(new Uint8Array(length)) };

// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the caller says which id it makes
export function newId<T extends string>(clock = testClock()): T {
  return uuidv7(clock, testRandom) as T;
}

export interface Member {
  readonly person: PersonId;
  readonly grant: GrantId;
  readonly role: Role;
  readonly ward: WardId;
  readonly teams: readonly TeamId[];
  readonly actor: Actor;
}

const EMPTY = { stamps: {}, sets: {}, clashes: [], derived: {} };

/** Writes a ward with its counter, behind row-level security. */
export async function plantWard(
  db: TestDatabase,
  ward: string,
  name = 'Phường Thử',
  demo = false,
): Promise<WardId> {
  await db.superuser.pool`
    insert into ward (ward_id, name, word, province, demo) values (${ward}, ${name}, 'phường', 'Tỉnh Thử', ${demo})`;
  await db.superuser.pool`insert into ward_counter (ward_id) values (${ward}) on conflict do nothing`;
  return ward as WardId;
}

export async function plantTeam(db: TestDatabase, ward: WardId, name: string): Promise<TeamId> {
  const id = newId<TeamId>();
  const body = { ...EMPTY, fields: { name, active: true } };
  await db.superuser.pool`
    insert into team (ward_id, id, version, epoch, body) values (${ward}, ${id}, 1, 'e', ${db.superuser.pool.json(body)})`;
  return id;
}

export async function plantMember(
  db: TestDatabase,
  ward: WardId,
  role: Role,
  teams: readonly TeamId[] = [],
  name = 'Người Thử',
): Promise<Member> {
  const person = newId<PersonId>();
  const body = { ...EMPTY, fields: { name, role, teams, active: true } };
  await db.superuser.pool`
    insert into person (ward_id, id, version, epoch, body) values (${ward}, ${person}, 1, 'e', ${db.superuser.pool.json(body)})`;
  const grant = await inTransaction(db.web, { wards: [ward] }, (tx) =>
    beginGrant(tx, { clock: testClock(), random: testRandom }, { ward, person, role, teams }),
  );
  const actor: Actor = { person, role, ward, teams, grant, mustPass: true, replica: newId<ReplicaId>() };
  return { person, grant, role, ward, teams, actor };
}

/** A browser with its own device key, as PHONE makes it. */
export interface TestDevice {
  readonly device: DeviceId;
  request(code: string, changed?: Partial<EnrolRequest>): EnrolRequest;
  sign(person: PersonId, challenge: string, keyMark?: string): Promise<string>;
}

export async function makeDevice(device = newId<DeviceId>()): Promise<TestDevice> {
  const curve = { name: 'ECDSA', namedCurve: 'P-256' };
  const pair = await crypto.subtle.generateKey(curve, true, ['sign', 'verify']);
  const devicePublicKey = toBase64url(new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey)));
  const nonce = toBase64url(testRandom.bytes(24));
  const replica = newId<ReplicaId>();
  return {
    device,
    request: (code, changed) => ({
      code,
      nonce,
      replica,
      device,
      devicePublicKey,
      deviceLabel: 'Chrome, Android',
      keys: [],
      ...changed,
    }),
    sign: async (person, challenge, keyMark) => {
      const text = utf8(challengeText(person, device, challenge, keyMark));
      const bytes = await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, pair.privateKey, text);
      return toBase64url(new Uint8Array(bytes));
    },
  };
}

/** Two wards with a lead and helpers each, and everything the door needs. */
export async function authWorld() {
  const db = await testDatabase();
  const clock = testClock();
  const keys = serverKeys(await makeKeyRing(testRandom, clock.now()), testRandom);
  const context = {
    database: db.web,
    clock,
    random: testRandom,
    keys,
    epoch: () => Promise.resolve('epoch-1'),
  };
  const home = await plantWard(db, 'mau');
  const away = await plantWard(db, 'khac');
  const [red, blue] = [await plantTeam(db, home, 'Tổ 1'), await plantTeam(db, home, 'Tổ 2')];
  const farTeam = await plantTeam(db, away, 'Tổ xa');
  return {
    db,
    clock,
    keys,
    context,
    home,
    away,
    red,
    blue,
    farTeam,
    lead: await plantMember(db, home, 'team_lead', [red]),
    helper: await plantMember(db, home, 'helper', [red], 'Nguyễn Thị Hạnh'),
    otherHelper: await plantMember(db, home, 'helper', [blue]),
    admin: await plantMember(db, home, 'administrator'),
    farLead: await plantMember(db, away, 'team_lead', [farTeam]),
    farHelper: await plantMember(db, away, 'helper', [farTeam]),
  };
}
export type AuthWorld = Awaited<ReturnType<typeof authWorld>>;

/** An assist of a team, entered by nobody the tests sign in, with one filing; as the server keeps them. */
export async function plantRecord(
  db: TestDatabase,
  ward: WardId,
  team: TeamId,
): Promise<{ assist: string; filing: string }> {
  const [assist, filing, resident, someone] = [newId(), newId(), newId(), newId()];
  const json = (value: object) => db.superuser.pool.json(value as never);
  const shared = { stamps: {}, sets: {}, clashes: [] };
  const visit = {
    team, enteredBy: someone, performedBy: [someone], resident, occurredAt: Date.now(), channel: 'door', subject: 'other',
    outcome: 'guided_only', accountStep: null, reason: null, typedBy: null, minutes: null, satisfaction: null,
    neighbourhood: null, voided: null,
  }; // prettier-ignore
  const dossier = {
    assist, resident, procedure: 'other', packVersion: null, code: 'H26-260930-0012', submittedDay: '2026-09-30',
    officialDay: null, estimate: null, followedBy: someone, voided: false,
  }; // prettier-ignore
  const visitBody = { ...shared, fields: visit, derived: { day: '2026-09-30', openClashes: 0 } };
  const derived = { status: 'submitted', statusDay: '2026-09-30', team, openClashes: 0 };
  await db.superuser.pool`
    insert into assist (ward_id, id, version, epoch, body) values (${ward}, ${assist}, 1, 'e', ${json(visitBody)})`;
  await db.superuser.pool`
    insert into filing (ward_id, id, version, epoch, body)
    values (${ward}, ${filing}, 1, 'e', ${json({ ...shared, fields: dossier, derived })})`;
  return { assist, filing };
}
