import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROLES, type Role } from '../../src/lib/domain/people/roles.ts';
import type { WardId } from '../../src/lib/domain/record/ids.ts';
import { messagesFor } from '../../src/lib/messages/both-languages.ts';
import {
  authWorld,
  type AuthWorld,
  type Member,
  newId,
  plantMember,
  plantRecord,
} from '../support/auth-world.ts';
import { type Access, type Answer, ROUTE_ACCESS, type Visitor } from '../support/route-access.ts';
import { cookiesOf as signedIn } from '../support/signed-in.ts';
import { type Door, routeDoors } from '../support/route-doors.ts';
import { routeServer, type RouteServer } from '../support/route-server.ts';

let world: AuthWorld;
let server: RouteServer;
let doors: readonly Door[];
/** One person a role in each of two wards; the names are markers that no stranger's answer may hold. */
const people = new Map<string, Member>();
const MARKER = 'Người Thử';
/** Nothing here is a demo's: neither the wards nor the server's SEED. */
const DEMO_BAND = messagesFor('vi').demo.band;
const records = new Map<string, { assist: string; filing: string }>();

beforeAll(async () => {
  world = await authWorld();
  doors = await routeDoors();
  server = await routeServer(world.db);
  // The first request opens the process's context and with it the epoch that sessions belong to.
  await fetch(`${server.origin}/api/entry`);
  for (const ward of [world.home, world.away]) {
    const team = ward === world.home ? world.red : world.farTeam;
    records.set(ward, await plantRecord(world.db, ward, team));
    for (const role of ROLES) people.set(`${ward} ${role}`, await plantMember(world.db, ward, role, [team]));
  }
});
afterAll(() => server.close());

/** A fresh session each time: some doors end it. */
async function cookiesOf(role: Role, ward: WardId): Promise<string> {
  const member = people.get(`${ward} ${role}`);
  if (member === undefined) throw new Error(role);
  return signedIn(world, member, server.origin);
}

const keyOf = ({ method, route, action }: Door): string =>
  `${method} ${route}${action === null ? '' : ` ${action}`}`;

function bodyOf({ action }: Door, access: Access): { body?: string; headers: Record<string, string> } {
  if (access.body === undefined) return { headers: {} };
  if (action === null)
    return { body: JSON.stringify(access.body), headers: { 'content-type': 'application/json' } };
  const form = new URLSearchParams(access.body as Record<string, string>);
  return { body: form.toString(), headers: { 'content-type': 'application/x-www-form-urlencoded' } };
}

async function ask(door: Door, access: Access, cookie: string, id: string): Promise<Response> {
  const { body, headers } = bodyOf(door, access);
  const path =
    door.route.replace(/\[[^\]]+\]/g, id) +
    (door.action === null || door.action === 'default' ? '' : `?/${door.action}`);
  return fetch(server.origin + path, {
    method: door.method,
    redirect: 'manual',
    headers: { cookie, origin: server.origin, accept: 'text/html', ...headers },
    ...(body === undefined ? {} : { body }),
  });
}

/** What came back, in the table's words; a live stream is only looked at. */
async function answerOf(response: Response): Promise<{ answer: Answer; text: string }> {
  const live = response.headers.get('content-type')?.startsWith('text/event-stream') === true;
  if (live) await response.body?.cancel();
  const text = live ? '' : await response.text();
  const location = response.headers.get('location')?.replace(/^(\/sign-in)\?.*next=.*/, '$1');
  const { status } = response;
  return { answer: location === undefined ? { status } : { status, location }, text };
}

function agrees(said: Answer, wanted: Answer): boolean {
  if (wanted.status === 'hidden') return said.status === 403 || said.status === 404;
  return JSON.stringify(said) === JSON.stringify(wanted);
}

/** What to ask a door for, and what should come: records of the own ward, of another, and one that is not there. */
function questions(access: Access, visitor: Visitor, ward: WardId): { id: string; wanted: Answer }[] {
  const wanted = access.expect(visitor);
  if (access.ids === undefined) return [{ id: newId(), wanted }];
  const elsewhere = ward === world.home ? world.away : world.home;
  const id = (of: WardId): string => records.get(of)?.[access.ids ?? 'assist'] ?? '';
  const hidden: Answer = visitor === 'stranger' ? wanted : { status: 'hidden' };
  return [
    { id: id(ward), wanted },
    { id: id(elsewhere), wanted: hidden },
    { id: newId(), wanted: hidden },
    { id: 'not-an-id', wanted: hidden },
  ];
}

/** Asks one door as one visitor; returns what was not as it should be. */
async function faultsOf(door: Door, access: Access, visitor: Visitor, ward: WardId): Promise<string[]> {
  const faults: string[] = [];
  for (const { id, wanted } of questions(access, visitor, ward)) {
    const cookie = visitor === 'stranger' ? '' : await cookiesOf(visitor, ward);
    const { answer, text } = await answerOf(await ask(door, access, cookie, id));
    const who = `${keyOf(door)} (${id}) as ${visitor} of ${ward}`;
    if (!agrees(answer, wanted))
      faults.push(`${who}: ${JSON.stringify(answer)}, not ${JSON.stringify(wanted)}`);
    if (visitor === 'stranger' && text.includes(MARKER)) faults.push(`${who} hears a name`);
    if (text.includes(DEMO_BAND)) faults.push(`${who} is told that these are invented data`);
  }
  return faults;
}

describe('A1 every door × role × ward', () => {
  it('every door there is stands in the table, and the table names no door that is gone', () => {
    const there = doors.map(keyOf).sort();
    expect(Object.keys(ROUTE_ACCESS).sort()).toEqual(there);
  });

  it('answers each role of each ward as the table says, and strangers with nobody’s name', async () => {
    const visitors: (readonly [Visitor, WardId])[] = [
      ['stranger', world.home],
      ...[world.home, world.away].flatMap((ward) => ROLES.map((role) => [role, ward] as const)),
    ];
    const faults: string[] = [];
    for (const door of doors) {
      const access = ROUTE_ACCESS[keyOf(door)];
      if (access === undefined) continue;
      for (const [visitor, ward] of visitors) faults.push(...(await faultsOf(door, access, visitor, ward)));
    }
    expect(faults).toEqual([]);
  });

  it('an address that is not there says so, and nothing of invented data', async () => {
    const response = await fetch(`${server.origin}/no-such-page`, { headers: { accept: 'text/html' } });
    expect(response.status).toBe(404);
    const text = await response.text();
    expect(text).toContain(messagesFor('vi').errors.notFoundTitle);
    expect(text).not.toContain(DEMO_BAND);
  });

  it('an ended session is a stranger everywhere', async () => {
    const faults: string[] = [];
    for (const door of doors) {
      const access = ROUTE_ACCESS[keyOf(door)];
      if (access === undefined) continue;
      const cookie = await cookiesOf('ward_leader', world.home);
      await world.db.superuser.pool`update session set ended_at = now() where ended_at is null`;
      const { answer } = await answerOf(await ask(door, access, cookie, newId()));
      const wanted = access.expect('stranger');
      if (!agrees(answer, wanted))
        faults.push(`${keyOf(door)}: ${JSON.stringify(answer)}, not ${JSON.stringify(wanted)}`);
    }
    expect(faults).toEqual([]);
  });

  it('tells each their own account and no other', async () => {
    for (const ward of [world.home, world.away]) {
      for (const role of ROLES) {
        const response = await fetch(`${server.origin}/api/me`, {
          headers: { cookie: await cookiesOf(role, ward) },
        });
        const person = people.get(`${ward} ${role}`)?.person;
        expect(await response.json()).toMatchObject({ account: { person, ward, role } });
      }
    }
  });
});
