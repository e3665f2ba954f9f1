import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EnrolAnswer, enrolAnswerSchema } from '../../src/lib/protocol/enrol.ts';
import { PROTOCOL_HEADER, SYNC_CONTENT_TYPE } from '../../src/lib/protocol/version.ts';
import { inviteDevice } from '../../src/lib/server/auth/invitation.ts';
import { resetLogin } from '../../src/lib/server/people/reset-login.ts';
import type { RoundWorld } from '../../src/lib/server/sync/round-call.ts';
import { authWorld, type AuthWorld, makeDevice, plantMember, testRandom } from '../support/auth-world.ts';
import { authorOf, roundOf } from '../support/hostile/hostile-ground.ts';
import { type ServedProcess, serveProcess } from '../support/served-process.ts';
import { cookiesOf } from '../support/signed-in.ts';
import { mutationMaker, rowIdOf } from '../support/sync-mutations.ts';
import { WirePhone } from '../support/sync-phone.ts';

/** What must stand in no line of any log, whatever the application meets. */
const MARKERS = {
  name: 'Giàng Thị Dấu Vết',
  phone: '0987 654 321',
  plainPhone: '0987654321',
  personal: '038191000777',
  note: 'ghi chú riêng bí mật lắm',
  pin: '835512',
  login: 'ten.dang.nhap.dau.vet',
  password: 'mật khẩu của dấu vết 9',
  label: 'Điện thoại của Dấu Vết',
} as const;

let world: AuthWorld;
let dataDir: string;
let server: ServedProcess;
const secrets: string[] = [];

beforeAll(async () => {
  world = await authWorld();
  dataDir = mkdtempSync(join(tmpdir(), 'xks-log-'));
  server = await serveProcess(world.db.targets.web, dataDir);
  await fetch(`${server.origin}/api/entry`);
});
afterAll(async () => {
  await server.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

const post = (path: string, body: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(server.origin + path, {
    method: 'POST',
    body,
    redirect: 'manual',
    headers: { origin: server.origin, 'content-type': 'application/json', ...headers },
  });
const form = (path: string, fields: Record<string, string>, cookie = ''): Promise<Response> =>
  post(path, new URLSearchParams(fields).toString(), {
    cookie,
    'content-type': 'application/x-www-form-urlencoded',
  });

/** As it is, as an address writes it, and as JSON within JSON does. */
const forms = (marker: string): string[] => [
  marker,
  encodeURIComponent(marker),
  JSON.stringify(marker).slice(1, -1),
];

/** Every line printed so far; each request is logged before its answer has ended. */
const foundInLog = (): string[] =>
  [...Object.values(MARKERS), ...secrets.filter((secret) => secret !== '')].filter((marker) =>
    forms(marker).some((form) => server.said().includes(form)),
  );

async function enrolled(): Promise<{ phone: WirePhone; answer: EnrolAnswer }> {
  const invited = await inviteDevice(world.context, world.lead.actor, world.helper.person);
  if (!invited.ok) throw new Error(invited.error.kind);
  const device = await makeDevice();
  const request = device.request(invited.value.code, { deviceLabel: MARKERS.label });
  const answer = enrolAnswerSchema.parse(await (await post('/api/enrol', JSON.stringify(request))).json());
  secrets.push(invited.value.code, request.nonce, answer.deliveryToken);
  const identity = {
    ...authorOf(world.helper),
    replica: answer.replica as string,
    device: answer.device as string,
    token: answer.deliveryToken,
  };
  const keys = { deliveryKey: answer.deliveryKey };
  const phone = new WirePhone({ keys } as unknown as RoundWorld, identity, testRandom);
  await phone.makeKey();
  return { phone, answer };
}

const sync = (phone: WirePhone, body: string): Promise<Response> =>
  post('/api/sync', body, {
    'content-type': SYNC_CONTENT_TYPE,
    [PROTOCOL_HEADER]: '1',
    authorization: `Bearer ${phone.identity.token}`,
  });

describe('R19 14.2.1 16.2.5 the server’s log holds nobody', () => {
  it('not after enrolling, delivering, signing in, reading, being refused, and failing', async () => {
    const make = mutationMaker(world.clock, testRandom);
    const { phone } = await enrolled();
    const personal = ['residentName', 'residentPhone', 'note'];
    const log = make.log(phone.identity, {}, { personal });
    const values = {
      residentName: MARKERS.name,
      residentPhone: MARKERS.plainPhone,
      note: `${MARKERS.note} ${MARKERS.personal}`,
    };
    await phone.save(log, { [rowIdOf(log)]: values });
    const round = {
      ...roundOf({ replica: phone.identity.replica, token: phone.identity.token, member: world.helper }, []),
      up: phone.outbox,
      keys: phone.keys,
    };
    const delivered = await sync(phone, JSON.stringify(round));
    const { settled } = (await delivered.json()) as { settled: { outcome: { is: string } }[] };
    expect(settled.map(({ outcome }) => outcome.is)).toEqual(['applied']);

    // What a changed app might put where it does not belong: refused, and not repeated in the log.
    const said = JSON.stringify(make.log(phone.identity, { reason: `${MARKERS.name} ${MARKERS.pin}` }));
    const bad = [
      `{"name":"${MARKERS.name}"`,
      JSON.stringify({ ...round, [MARKERS.name]: MARKERS.note }),
      JSON.stringify({
        ...round,
        app: MARKERS.label,
        up: [{ seq: 2, id: make.id(), plain: said, sealed: null, key: null }],
      }),
    ];
    for (const body of bad) await sync(phone, body);
    await post('/api/enrol', JSON.stringify({ code: MARKERS.pin, deviceLabel: MARKERS.label }));
    await post('/api/session', JSON.stringify({ device: MARKERS.name, signature: MARKERS.note }));

    // Signing in, wrong and right.
    await form('/sign-in', { login: MARKERS.login, password: MARKERS.password });
    const given = await resetLogin(world.context, world.admin.actor, world.admin.person, MARKERS.login);
    if (!given.ok) throw new Error(given.error.kind);
    const { firstPassword } = given.value;
    secrets.push(firstPassword);
    const entered = await form('/sign-in', { login: MARKERS.login, password: firstPassword });
    const cookie = entered.headers
      .getSetCookie()
      .map((line) => line.split(';')[0] ?? '')
      .join('; ');
    secrets.push(
      ...cookie
        .split('; ')
        .map((pair) => pair.split('=')[1] ?? '')
        .filter(({ length }) => length > 20),
    );
    await form('/first-password', { password: MARKERS.password, again: MARKERS.password }, cookie);

    // The office: a person of that name, a record opened whole, words in addresses.
    const admin = await cookiesOf(world, world.admin, server.origin);
    await form('/teams/new', { name: MARKERS.name, role: 'helper', teams: world.red, login: '' }, admin);
    const leader = await cookiesOf(
      world,
      await plantMember(world.db, world.home, 'ward_leader'),
      server.origin,
    );
    secrets.push(
      ...[admin, leader].flatMap((jar) => jar.split('; ').map((pair) => pair.split('=')[1] ?? '')),
    );
    const opened = await (await form(`/assists/${rowIdOf(log)}?/open`, {}, leader)).text();
    expect(opened).toContain(MARKERS.name);
    const words = encodeURIComponent(MARKERS.name);
    for (const path of [
      `/filings?team=${words}`,
      `/filings/${words}`,
      `/assists/${MARKERS.personal}`,
      `/${words}`,
    ])
      await fetch(server.origin + path, { headers: { cookie: leader } });

    // And where the machinery itself fails in the middle of such a delivery.
    await world.db.superuser.pool`alter table mutation_row rename to mutation_row_away`;
    const next = make.log(phone.identity, {}, { personal });
    const envelope = await phone.save(next, { [rowIdOf(next)]: values });
    const failed = await sync(phone, JSON.stringify({ ...round, up: [{ ...envelope, seq: 3 }] }));
    await world.db.superuser.pool`alter table mutation_row_away rename to mutation_row`;
    expect(failed.status).toBe(500);
    const broken = await fetch(`${server.origin}/api/me`, { headers: { cookie: leader } });
    await broken.text();

    expect(server.said()).toContain('"request"');
    expect(server.said()).toMatch(/"fault"/);
    expect(secrets.filter(({ length }) => length > 0).length).toBeGreaterThan(5);
    expect(foundInLog()).toEqual([]);
  });
});
