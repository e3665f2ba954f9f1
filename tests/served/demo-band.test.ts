import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROLES } from '../../src/lib/domain/people/roles.ts';
import { messagesFor } from '../../src/lib/messages/both-languages.ts';
import { authWorld, type AuthWorld, plantMember, plantRecord } from '../support/auth-world.ts';
import { type Door, routeDoors } from '../support/route-doors.ts';
import { routeServer, type RouteServer } from '../support/route-server.ts';
import { cookiesOf } from '../support/signed-in.ts';

const BAND = messagesFor('vi').demo.band;
/** Drawn by the phone, which is told by its account: the screens' walk looks at those. */
const DRAWN_BY_SERVER = /<main/;

let world: AuthWorld;
let server: RouteServer;
let pages: readonly Door[];
beforeAll(async () => {
  world = await authWorld();
  await world.db.superuser.pool`update ward set demo = true where ward_id = ${world.home}`;
  pages = (await routeDoors()).filter(({ method, action }) => method === 'GET' && action === null);
  server = await routeServer(world.db, { seed: 'demo' });
  await fetch(`${server.origin}/api/entry`);
});
afterAll(() => server.close());

/** The status of what comes to somebody who opens this address, and whether it wears the band. */
async function asked(path: string, cookie: string): Promise<[number, boolean]> {
  const headers = { cookie, accept: 'text/html' };
  const response = await fetch(server.origin + path, { headers, redirect: 'manual' });
  return [response.status, (await response.text()).includes(BAND)];
}

/** Every page that the server draws for this visitor, and whether it wears the band. */
async function worn(cookie: string, ids: { assist: string; filing: string }): Promise<Map<string, boolean>> {
  const seen = new Map<string, boolean>();
  for (const { route } of pages) {
    if (route.startsWith('/api/') || route.startsWith('/design')) continue;
    const id = route.startsWith('/assists/') ? ids.assist : ids.filing;
    const headers = { cookie, accept: 'text/html' };
    const url = server.origin + route.replace(/\[[^\]]+\]/g, id);
    const response = await fetch(url, { headers, redirect: 'manual' });
    const text = await response.text();
    if (DRAWN_BY_SERVER.test(text)) seen.set(`${route} ${response.status}`, text.includes(BAND));
  }
  return seen;
}

describe('"DỮ LIỆU MẪU"', () => {
  it('stands on every page the server draws in a demo ward, and on none of another ward’s', async () => {
    const seen = new Set<string>();
    for (const ward of [world.home, world.away]) {
      const team = ward === world.home ? world.red : world.farTeam;
      const ids = await plantRecord(world.db, ward, team);
      for (const role of ROLES) {
        const member = await plantMember(world.db, ward, role, [team]);
        const shown = await worn(await cookiesOf(world, member, server.origin), ids);
        for (const [page, band] of shown) {
          seen.add(page);
          expect([page, role, ward, band]).toEqual([page, role, ward, ward === world.home]);
        }
      }
    }
    const drawn = ['/filings', '/filings/[id]', '/assists/[id]', '/teams', '/teams/places', '/attention'];
    expect([...seen]).toEqual(expect.arrayContaining(drawn.map((route) => `${route} 200`)));
    // Also where somebody may not go.
    expect([...seen].some((page) => page.endsWith(' 403'))).toBe(true);
  });

  it('stands where no ward is known yet: at the door, and where there is nothing', async () => {
    const shown = await worn('', { assist: 'x', filing: 'x' });
    expect([...shown]).toEqual([['/sign-in 200', true]]);
    for (const path of ['/no-such-page', '/design', '/design/today']) {
      expect([path, ...(await asked(path, ''))]).toEqual([path, 404, true]);
    }
  });

  it('stands where nothing can be answered any more, the question for a ward neither', async () => {
    const cookie = await cookiesOf(world, await plantMember(world.db, world.home, 'clerk'), server.origin);
    const { pool } = world.db.superuser;
    await pool`alter table ward rename to ward_gone`;
    try {
      for (const path of ['/sign-in', '/filings', '/teams', '/attention']) {
        expect([path, ...(await asked(path, cookie))]).toEqual([path, 500, true]);
      }
    } finally {
      await pool`alter table ward_gone rename to ward`;
    }
  });
});
