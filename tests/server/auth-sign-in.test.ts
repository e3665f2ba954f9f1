import { beforeEach, describe, expect, it } from 'vitest';
import { changePassword } from '../../src/lib/server/auth/change-password.ts';
import { readCurrentSession } from '../../src/lib/server/auth/current-session.ts';
import { writeCredential } from '../../src/lib/server/auth/credential-rows.ts';
import { endGrant } from '../../src/lib/server/auth/grant-rows.ts';
import { OFFICE_SESSION_MS } from '../../src/lib/server/auth/office-session.ts';
import { hashPassword, passwordFits } from '../../src/lib/server/auth/password-hash.ts';
import { signIn } from '../../src/lib/server/auth/sign-in.ts';
import { inTransaction } from '../../src/lib/server/database/transaction.ts';
import { testBrowser, type TestBrowser } from '../support/auth-event.ts';
import { authWorld, type AuthWorld, type Member, plantMember } from '../support/auth-world.ts';

const PASSWORD = 'ba củ khoai lang nướng';
let world: AuthWorld;
let leader: Member;
let pauses: number[];

async function giveLogin(who: Member, login: string, mustChange = false): Promise<boolean> {
  const passwordHash = await hashPassword(PASSWORD);
  const now = new Date(world.clock.now());
  return inTransaction(world.db.web, { wards: [who.ward] }, (tx) =>
    writeCredential(tx, { ward: who.ward, person: who.person, login, passwordHash, mustChange, now }),
  );
}

beforeEach(async () => {
  pauses = [];
  world = await authWorld();
  leader = await plantMember(world.db, world.home, 'ward_leader', [], 'Lê Văn Bình');
  await giveLogin(leader, 'binh');
});

const context = () => ({
  ...world.context,
  pause: (ms: number) => {
    pauses.push(ms);
    return Promise.resolve();
  },
});
const enter = (login: string, password: string, browser: TestBrowser = testBrowser(), address = '10.1.1.1') =>
  signIn(context(), browser.event(), { login, password }, address);
const current = (browser: TestBrowser) => readCurrentSession(world.context, browser.event());

describe('A2 signing in to the office', () => {
  it('takes the right password in any Unicode form, and a login in any case', async () => {
    const browser = testBrowser();
    expect(await enter(' BINH ', PASSWORD.normalize('NFD'), browser)).toEqual({
      ok: true,
      value: { to: '/filings' },
    });
    expect((await current(browser))?.actor).toMatchObject({ person: leader.person, role: 'ward_leader' });
  });

  it('answers a wrong password, an unknown name, a field role and one who left alike, on the same beat', async () => {
    await giveLogin(world.helper, 'hanh');
    const gone = await plantMember(world.db, world.home, 'administrator');
    await giveLogin(gone, 'gone');
    await inTransaction(world.db.web, { wards: [world.home] }, (tx) =>
      endGrant(tx, world.context, { ward: world.home, person: gone.person }, 'revocation'),
    );
    const tries = [
      ['binh', 'sai mật khẩu'],
      ['nobody', PASSWORD],
      ['', PASSWORD],
      ['hanh', PASSWORD],
      ['gone', PASSWORD],
      ['__proto__', PASSWORD],
      ["' or ''='", PASSWORD],
      ['binh', 'x'.repeat(100_000)],
    ] as const;
    for (const [login, password] of tries) {
      expect(await enter(login, password), login).toEqual({ ok: false, error: { kind: 'wrong' } });
    }
    expect(pauses).toHaveLength(tries.length);
    expect(pauses.every((ms) => ms > 0 && ms <= 400)).toBe(true);
  });

  it('stores an Argon2id hash of at least 19 MiB, two passes, and no password or token', async () => {
    await enter('binh', PASSWORD);
    const [row] = await world.db.superuser.pool`select password_hash from credential`;
    expect(row?.['password_hash']).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await passwordFits(null, PASSWORD)).toBe(false);
    for (const table of ['credential', 'session', 'known_browser', 'auth_event', 'rate_limit', 'ward_door']) {
      expect(JSON.stringify(await world.db.superuser.pool.unsafe(`select * from ${table}`))).not.toContain(
        'khoai',
      );
    }
  });

  it('binds the session to this browser and gives a new token at each sign-in', async () => {
    const browser = testBrowser();
    await enter('binh', PASSWORD, browser);
    const first = browser.jar.get('__Host-session');
    const thief = testBrowser();
    thief.jar.set('__Host-session', first ?? '');
    expect(await current(thief)).toBeNull();
    thief.jar.set('__Host-browser', 'A'.repeat(43));
    expect(await current(thief)).toBeNull();
    await enter('binh', PASSWORD, browser);
    expect(browser.jar.get('__Host-session')).not.toBe(first);
  });

  it('ends after twelve hours, however busy', async () => {
    const browser = testBrowser();
    await enter('binh', PASSWORD, browser);
    world.clock.advance(OFFICE_SESSION_MS - 60_000);
    expect(await current(browser)).not.toBeNull();
    world.clock.advance(61_000);
    expect(await current(browser)).toBeNull();
  });

  it('a stranger’s wrong tries stop strangers, not the browser the account knows', async () => {
    const own = testBrowser();
    expect((await enter('binh', PASSWORD, own)).ok).toBe(true);
    for (let tries = 0; tries < 10; tries++) await enter('binh', 'sai', testBrowser(), '10.9.9.9');
    const stopped = await enter('binh', PASSWORD, testBrowser(), '10.9.9.9');
    expect(stopped).toMatchObject({ ok: false, error: { kind: 'too_many_tries' } });
    expect((await enter('binh', PASSWORD, own)).ok).toBe(true);
    world.clock.advance(61_000);
    expect((await enter('binh', PASSWORD, testBrowser(), '10.9.9.9')).ok).toBe(true);
  });

  it('an unknown name runs out of tries just the same', async () => {
    const answers = [];
    for (let tries = 0; tries < 11; tries++) answers.push(await enter('nobody', 'sai'));
    expect(answers.at(-1)).toMatchObject({ ok: false, error: { kind: 'too_many_tries' } });
  });

  it('one noisy machine does not lock the ward’s address out', async () => {
    for (let tries = 0; tries < 60; tries++) {
      await enter(`u${tries}`, 'sai', testBrowser(), 'nat');
    }
    expect((await enter('binh', PASSWORD, testBrowser(), 'nat')).ok).toBe(true);
  });

  it('a login name means one person over all wards', async () => {
    const far = await plantMember(world.db, world.away, 'administrator');
    expect(await giveLogin(far, 'binh')).toBe(false);
    expect(await giveLogin(far, 'binh.khac')).toBe(true);
    expect(await giveLogin(leader, 'binh.moi')).toBe(true);
    expect((await enter('binh', PASSWORD)).ok).toBe(false);
    expect((await enter('binh.moi', PASSWORD)).ok).toBe(true);
  });
});

describe('A2 the first password', () => {
  const NEW = 'con mèo trèo cây cau';
  let browser: TestBrowser;
  beforeEach(async () => {
    await giveLogin(leader, 'binh', true);
    browser = testBrowser();
  });
  const change = async (password: string, again = password) =>
    changePassword(world.context, browser.event(), await current(browser), { password, again });

  it('leads there first; then a new token, and the given password is over', async () => {
    expect(await enter('binh', PASSWORD, browser)).toEqual({ ok: true, value: { to: '/first-password' } });
    const before = await current(browser);
    expect(before?.live.mustChangePassword).toBe(true);
    const oldToken = browser.jar.get('__Host-session');
    expect(await change(NEW)).toEqual({ ok: true, value: { to: '/filings' } });
    expect(browser.jar.get('__Host-session')).not.toBe(oldToken);
    expect((await current(browser))?.live.mustChangePassword).toBe(false);
    expect((await enter('binh', PASSWORD)).ok).toBe(false);
    expect((await enter('binh', NEW)).ok).toBe(true);
  });

  it('ends every other session of the account', async () => {
    const other = testBrowser();
    await enter('binh', PASSWORD, other);
    await enter('binh', PASSWORD, browser);
    await change(NEW);
    expect(await current(other)).toBeNull();
  });

  it('says what is wrong with the new one, and changes nothing', async () => {
    await enter('binh', PASSWORD, browser);
    expect(await change('ngắn')).toEqual({ ok: false, error: 'too_short' });
    expect(await change('matkhau123')).toEqual({ ok: false, error: 'common' });
    expect(await change('Lê Văn Bình 1980')).toEqual({ ok: false, error: 'common' });
    expect(await change(PASSWORD)).toEqual({ ok: false, error: 'same_as_before' });
    expect(await change(NEW, `${NEW}.`)).toEqual({ ok: false, error: 'not_repeated' });
    expect((await current(browser))?.live.mustChangePassword).toBe(true);
  });

  it('is no way to change a password without being asked to', async () => {
    await giveLogin(leader, 'binh', false);
    await enter('binh', PASSWORD, browser);
    expect(await change(NEW)).toEqual({ ok: false, error: 'no_session' });
  });
});
