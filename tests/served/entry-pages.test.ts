import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inviteDevice } from '../../src/lib/server/auth/invitation.ts';
import { resetLogin } from '../../src/lib/server/people/reset-login.ts';
import { authWorld, type AuthWorld, makeDevice, plantMember, plantRecord } from '../support/auth-world.ts';
import { routeServer, type RouteServer } from '../support/route-server.ts';
import { cookiesOf } from '../support/signed-in.ts';

let world: AuthWorld;
let server: RouteServer;
let firstPassword: string;

beforeAll(async () => {
  world = await authWorld();
  server = await routeServer(world.db);
  await fetch(`${server.origin}/api/entry`);
  const reset = await resetLogin(world.context, world.admin.actor, world.admin.person, 'quan.tri');
  if (!reset.ok) throw new Error(reset.error.kind);
  firstPassword = reset.value.firstPassword;
});
afterAll(() => server.close());

/** A browser with a cookie jar and without scripts. */
function plainBrowser() {
  const jar = new Map<string, string>();
  const send = async (
    path: string,
    init: Omit<RequestInit, 'headers'> & { headers?: Record<string, string> } = {},
  ): Promise<Response> => {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { cookie, origin: server.origin, accept: 'text/html', ...init.headers };
    const response = await fetch(server.origin + path, { redirect: 'manual', ...init, headers });
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      const [name = '', value = ''] = pair.split('=');
      if (/max-age=0/i.test(line) || value === '') jar.delete(name);
      else jar.set(name, value);
    }
    return response;
  };
  const submit = (path: string, fields: Record<string, string>) => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    return send(path, { method: 'POST', body: new URLSearchParams(fields).toString(), headers });
  };
  return { jar, send, submit };
}

describe('A2 signing in without scripts', () => {
  it('keeps what was typed, but for the password, and says what is wrong', async () => {
    const browser = plainBrowser();
    const login = '"><script>alert(1)</script>';
    const response = await browser.submit('/sign-in', { login, password: 'sai-mật-khẩu-đó' });
    const page = await response.text();
    expect(response.status).toBe(401);
    expect(page).toContain('Tên đăng nhập hoặc mật khẩu chưa đúng.');
    expect(page).toContain('&lt;script>alert(1)');
    expect(page).not.toContain('<script>alert(1)');
    expect(page).not.toContain('sai-mật-khẩu-đó');
    const missing = await browser.submit('/sign-in', { login: 'quan.tri', password: '' });
    expect(missing.status).toBe(400);
    expect(await missing.text()).toContain('value="quan.tri"');
  });

  it('speaks the language that was chosen', async () => {
    const browser = plainBrowser();
    browser.jar.set('xks-locale', 'en');
    const page = await (await browser.send('/sign-in')).text();
    expect(page).toContain('<html lang="en"');
    expect(page).toContain('Office sign-in');
  });

  it('goes from the first password to work, out again, and nowhere with the old token', async () => {
    const browser = plainBrowser();
    const entered = await browser.submit('/sign-in?next=/attention', {
      login: 'quan.tri',
      password: firstPassword,
    });
    expect([entered.status, entered.headers.get('location')]).toEqual([303, '/first-password']);
    expect((await browser.send('/api/me')).status).toBe(401);
    const weak = await browser.submit('/first-password', { password: 'matkhau123', again: 'matkhau123' });
    expect([weak.status, (await weak.text()).includes('nhiều người đoán được')]).toEqual([400, true]);
    const fine = 'ba củ khoai lang nướng';
    const changed = await browser.submit('/first-password', { password: fine, again: fine });
    expect([changed.status, changed.headers.get('location')]).toEqual([303, '/teams']);
    expect(await (await browser.send('/api/me')).json()).toMatchObject({
      account: { person: world.admin.person },
    });
    const old = new Map(browser.jar);
    const out = await browser.submit('/sign-out', {});
    expect([out.status, out.headers.get('location')]).toEqual([303, '/sign-in?notice=out']);
    expect(browser.jar.has('session')).toBe(false);
    for (const [name, value] of old) browser.jar.set(name, value);
    expect((await browser.send('/api/me')).status).toBe(401);
    const again = await browser.submit('/sign-in?next=/attention', { login: 'quan.tri', password: fine });
    expect(again.headers.get('location')).toBe('/attention');
    const elsewhere = plainBrowser();
    const led = await elsewhere.submit('/sign-in?next=//evil.example', { login: 'quan.tri', password: fine });
    expect(led.headers.get('location')).toBe('/teams');
  });
});

describe('D1 the office is drawn by the server', () => {
  it('a leader without scripts reads the list, filters it, opens a visit with its history, and sees the people', async () => {
    const leader = await plantMember(world.db, world.home, 'ward_leader');
    const { assist, filing } = await plantRecord(world.db, world.home, world.red);
    const cookie = await cookiesOf(world, leader, server.origin);
    const read = async (path: string): Promise<string> => {
      const response = await fetch(server.origin + path, { headers: { cookie, accept: 'text/html' } });
      expect(response.status, path).toBe(200);
      return response.text();
    };
    const list = await read('/filings');
    expect(list).toContain(`href="/assists/${assist}"`);
    expect(list).toMatch(/<form[^>]* method="get"/);
    expect(await read(`/filings?team=${world.red}`)).toContain(`href="/assists/${assist}"`);
    expect(await read(`/filings?team=${world.blue}`)).not.toContain(assist);
    expect(await read('/filings?view=filings')).toContain(`href="/filings/${filing}"`);
    expect(await read(`/assists/${assist}`)).toMatch(/<h2[^>]*>Lịch sử/);
    expect(await read(`/filings/${filing}`)).toMatch(/<h2[^>]*>Lịch sử/);
    expect(await read('/teams')).toContain('Nguyễn Thị Hạnh');
    expect(await read('/attention')).toMatch(/<h1[^>]*>[^/]*Cần xử lý/);
  });
});

describe('A2 the enrolment door by HTTP', () => {
  const post = (path: string, body: string, headers: Record<string, string> = {}) =>
    fetch(server.origin + path, {
      method: 'POST',
      body,
      headers: { origin: server.origin, 'content-type': 'application/json', ...headers },
    });

  it('enrols, challenges, begins a session, tells the account, and marks the browser', async () => {
    const invited = await inviteDevice(world.context, world.lead.actor, world.helper.person);
    if (!invited.ok) throw new Error(invited.error.kind);
    const device = await makeDevice();
    const enrolled = await post('/api/enrol', JSON.stringify(device.request(invited.value.code)));
    expect([enrolled.status, enrolled.headers.get('cache-control')]).toEqual([200, 'no-store']);
    const marker = enrolled.headers.getSetCookie().find((line) => line.startsWith('xks-marker=')) ?? '';
    expect(marker).toMatch(/HttpOnly/i);
    expect(marker).not.toContain('H%E1%BA%A1nh');
    const marks = await fetch(`${server.origin}/api/marker`, {
      headers: { cookie: marker.split(';')[0] ?? '' },
    });
    const { replica } = device.request('');
    expect(await marks.json()).toEqual({ marks: [{ replica, lastSeq: 0, lastSeenAt: null }] });

    const asked = { device: device.device, person: world.helper.person };
    const { challenge } = (await (await post('/api/session/challenge', JSON.stringify(asked))).json()) as {
      challenge: string;
    };
    const signature = await device.sign(world.helper.person, challenge);
    const begun = await post('/api/session', JSON.stringify({ ...asked, challenge, signature }));
    const cookie = begun.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    const me = await fetch(`${server.origin}/api/me`, { headers: { cookie } });
    expect(await me.json()).toMatchObject({ account: { name: 'Nguyễn Thị Hạnh', role: 'helper' } });
  });

  it('answers hostile bodies with a code, never with a fault', async () => {
    const device = await makeDevice();
    const good = device.request('2222222222');
    const bodies = [
      '',
      'null',
      '[]',
      '"x"',
      '{',
      '{"__proto__":{"admin":true}}',
      JSON.stringify({ ...good, extra: 1 }),
      JSON.stringify({ ...good, code: 5 }),
      JSON.stringify({ ...good, code: 'A'.repeat(100_000) }),
      JSON.stringify({ ...good, replica: '../../etc/passwd' }),
      JSON.stringify({ ...good, deviceLabel: '\u0000' }),
      JSON.stringify({ ...good, nonce: '🎉'.repeat(30) }),
      `${JSON.stringify(good).slice(0, -1)},"__proto__":{"x":1}}`,
      '<html>'.repeat(5000),
    ];
    for (const path of [
      '/api/enrol',
      '/api/session',
      '/api/session/challenge',
      '/api/replica',
      '/api/demo/enter',
    ]) {
      for (const body of bodies) {
        const { status } = await post(path, body);
        expect(status >= 400 && status < 500, `${path} ${body.slice(0, 60)}: ${status}`).toBe(true);
      }
      const form = await post(path, JSON.stringify(good), { 'content-type': 'text/plain' });
      expect(form.status).toBe(400);
    }
  });
});
