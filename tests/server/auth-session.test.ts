import { beforeEach, describe, expect, it } from 'vitest';
import { readCurrentSession } from '../../src/lib/server/auth/current-session.ts';
import {
  FIELD_SESSION_MS,
  giveChallenge,
  startDeviceSession,
} from '../../src/lib/server/auth/device-session.ts';
import { beginGrant, endGrant } from '../../src/lib/server/auth/grant-rows.ts';
import { inviteDevice } from '../../src/lib/server/auth/invitation.ts';
import { redeemInvitation } from '../../src/lib/server/auth/redeem.ts';
import { writeSessionCookie } from '../../src/lib/server/auth/session-cookie.ts';
import { signOut } from '../../src/lib/server/auth/sign-out.ts';
import { inTransaction } from '../../src/lib/server/database/transaction.ts';
import { testBrowser, type TestBrowser } from '../support/auth-event.ts';
import {
  authWorld,
  type AuthWorld,
  makeDevice,
  type Member,
  type TestDevice,
} from '../support/auth-world.ts';

let world: AuthWorld;
let device: TestDevice;
beforeEach(async () => {
  world = await authWorld();
  device = await enrolled(world.helper, world.lead);
});

async function enrolled(who: Member, by: Member): Promise<TestDevice> {
  const made = await makeDevice();
  const invited = await inviteDevice(world.context, by.actor, who.person);
  if (!invited.ok) throw new Error(invited.error.kind);
  const answer = await redeemInvitation(world.context, made.request(invited.value.code), '10.0.0.1');
  if (!answer.ok) throw new Error(answer.error.problem);
  return made;
}

async function challenged(who = world.helper, on = device): Promise<string> {
  const given = await giveChallenge(world.context, { device: on.device, person: who.person }, '10.0.0.1');
  if (!given.ok) throw new Error(given.error.problem);
  return given.value.challenge;
}

async function started(who = world.helper, on = device) {
  const challenge = await challenged(who, on);
  const signature = await on.sign(who.person, challenge);
  return startDeviceSession(world.context, { device: on.device, person: who.person, challenge, signature });
}

async function signedIn(): Promise<TestBrowser> {
  const answer = await started();
  if (!answer.ok) throw new Error(answer.error.problem);
  const browser = testBrowser();
  writeSessionCookie(browser.event(), answer.value.secret, answer.value.expiresAt, world.clock.now());
  return browser;
}

const current = (browser: TestBrowser) => readCurrentSession(world.context, browser.event());
const refused = (problem: string) => ({ ok: false, error: { problem } });

describe('A2 an unlocked vault renews its session', () => {
  it('by signing one challenge: the session is the actor of the running grant', async () => {
    const browser = await signedIn();
    expect((await current(browser))?.actor).toMatchObject({
      person: world.helper.person,
      role: 'helper',
      ward: 'mau',
      teams: [world.red],
      grant: world.helper.grant,
      mustPass: true,
    });
  });

  it('a challenge is good once', async () => {
    const challenge = await challenged();
    const signed = {
      device: device.device,
      person: world.helper.person,
      challenge,
      signature: await device.sign(world.helper.person, challenge),
    };
    expect((await startDeviceSession(world.context, signed)).ok).toBe(true);
    expect(await startDeviceSession(world.context, signed)).toMatchObject(refused('bad_signature'));
  });

  it('a wrong signature burns it', async () => {
    const challenge = await challenged();
    const right = await device.sign(world.helper.person, challenge);
    const stranger = await makeDevice(device.device);
    const asked = { device: device.device, person: world.helper.person, challenge };
    const forged = await stranger.sign(world.helper.person, challenge);
    expect(await startDeviceSession(world.context, { ...asked, signature: forged })).toMatchObject(
      refused('bad_signature'),
    );
    expect(await startDeviceSession(world.context, { ...asked, signature: right })).toMatchObject(
      refused('bad_signature'),
    );
  });

  it('the signature vouches for one data key: the session carries it, and no other can be put in its place', async () => {
    const [mine, thieves] = ['m'.repeat(43), 't'.repeat(43)];
    const asked = { device: device.device, person: world.helper.person };
    const sign = async (keyMark?: string) => {
      const challenge = await challenged();
      return { ...asked, challenge, signature: await device.sign(world.helper.person, challenge, keyMark) };
    };
    const put = { ...(await sign(mine)), keyMark: thieves };
    expect(await startDeviceSession(world.context, put)).toMatchObject(refused('bad_signature'));
    const slipped = { ...(await sign()), keyMark: thieves };
    expect(await startDeviceSession(world.context, slipped)).toMatchObject(refused('bad_signature'));
    const left = await sign(mine);
    expect(await startDeviceSession(world.context, left)).toMatchObject(refused('bad_signature'));
    const marks = [];
    for (const keyMark of [mine, undefined]) {
      const begun = await startDeviceSession(world.context, { ...(await sign(keyMark)), keyMark });
      if (!begun.ok) throw new Error(begun.error.problem);
      const browser = testBrowser();
      writeSessionCookie(browser.event(), begun.value.secret, begun.value.expiresAt, world.clock.now());
      marks.push((await current(browser))?.live.keyMark);
    }
    expect(marks).toEqual([mine, null]);
  });

  it('a challenge ends after 60 seconds', async () => {
    const challenge = await challenged();
    const signature = await device.sign(world.helper.person, challenge);
    world.clock.advance(60_001);
    const answer = await startDeviceSession(world.context, {
      device: device.device,
      person: world.helper.person,
      challenge,
      signature,
    });
    expect(answer).toMatchObject(refused('bad_signature'));
  });

  it('a challenge of one account or device does not serve another', async () => {
    const lead = await enrolled(world.lead, world.admin);
    const challenge = await challenged();
    const signature = await lead.sign(world.lead.person, challenge);
    const answer = await startDeviceSession(world.context, {
      device: lead.device,
      person: world.lead.person,
      challenge,
      signature,
    });
    expect(answer).toMatchObject(refused('bad_signature'));
  });

  it.each(['', 'not base64!', 'A'.repeat(86), 'A'.repeat(85)])(
    'takes %j for no signature',
    async (signature) => {
      const challenge = await challenged();
      const asked = { device: device.device, person: world.helper.person, challenge, signature };
      expect(await startDeviceSession(world.context, asked)).toMatchObject(refused('bad_signature'));
    },
  );

  it('tells an unknown device from a revoked one', async () => {
    const stranger = await makeDevice();
    const asked = { device: stranger.device, person: world.helper.person };
    expect(await giveChallenge(world.context, asked, '10.0.0.9')).toMatchObject(refused('not_known'));
    await world.db.superuser.pool`update device set revoked_at = now()`;
    const mine = { device: device.device, person: world.helper.person };
    expect(await giveChallenge(world.context, mine, '10.0.0.9')).toMatchObject(refused('revoked'));
  });
});

describe('A1 a session counts only while everything behind it stands', () => {
  it('its lifetime is absolute: using it does not lengthen it', async () => {
    const browser = await signedIn();
    const [before] = await world.db.superuser.pool`select expires_at from session`;
    world.clock.advance(FIELD_SESSION_MS - 60_000);
    expect(await current(browser)).not.toBeNull();
    const [after] = await world.db.superuser.pool`select expires_at from session`;
    expect(after).toEqual(before);
    world.clock.advance(61_000);
    expect(await current(browser)).toBeNull();
  });

  it('of a phone is short: a copied disk, with its cookie, reads nothing an hour later', async () => {
    const browser = await signedIn();
    const copy = testBrowser();
    for (const [name, value] of browser.jar) copy.jar.set(name, value);
    expect(await current(copy)).not.toBeNull();
    world.clock.advance(3_600_000);
    expect(await current(copy)).toBeNull();
  });

  it('ends at sign-out, on the server too', async () => {
    const browser = await signedIn();
    const thief = testBrowser();
    for (const [name, value] of browser.jar) thief.jar.set(name, value);
    await signOut(world.context, browser.event());
    expect(browser.jar.size).toBe(0);
    expect(await current(thief)).toBeNull();
  });

  it('ends when the device is revoked', async () => {
    const browser = await signedIn();
    await world.db.superuser
      .pool`update device set revoked_at = now() where person_id = ${world.helper.person}`;
    expect(await current(browser)).toBeNull();
  });

  it('ends when the grant ends, and a new grant needs a new session', async () => {
    const browser = await signedIn();
    await inTransaction(world.db.web, { wards: [world.home] }, async (tx) => {
      await endGrant(tx, world.context, { ward: world.home, person: world.helper.person }, 'transfer');
      await beginGrant(tx, world.context, {
        ward: world.home,
        person: world.helper.person,
        role: 'team_lead',
        teams: [world.blue],
      });
    });
    expect(await current(browser)).toBeNull();
    const renewed = await started();
    expect(renewed.ok && renewed.value.account).toMatchObject({
      role: 'team_lead',
      teams: [{ id: world.blue }],
    });
  });

  it('ends with its epoch: a restore signs everybody out', async () => {
    const epochs = (id: string, place: number) =>
      world.db.superuser.pool`insert into epoch (epoch_id, place, why) values (${id}, ${place}, 'test')`;
    await epochs('first', 1);
    const browser = await signedIn();
    expect(await current(browser)).not.toBeNull();
    await epochs('second', 2);
    expect(await current(browser)).toBeNull();
    expect(await current(await signedIn())).not.toBeNull();
  });

  it('is refused to a person whose grant was revoked', async () => {
    await inTransaction(world.db.web, { wards: [world.home] }, (tx) =>
      endGrant(tx, world.context, { ward: world.home, person: world.helper.person }, 'revocation'),
    );
    expect(await started()).toMatchObject(refused('revoked'));
  });

  it('is stored as a hash, and reads as nothing under another ward’s name', async () => {
    const browser = await signedIn();
    const secret = browser.jar.get('__Host-session') ?? '';
    const rows = JSON.stringify(await world.db.superuser.pool`select * from session`);
    expect(rows).not.toContain(secret.slice(4));
    browser.jar.set('__Host-session', secret.replace('mau', 'khac'));
    expect(await current(browser)).toBeNull();
  });

  it.each([
    '',
    'x',
    'mau.',
    `mau.${'A'.repeat(43)}`,
    `mau,khac.${'A'.repeat(43)}`,
    `__proto__.${'A'.repeat(43)}`,
    'é',
  ])('a cookie such as %j is no session', async (value) => {
    const browser = testBrowser();
    browser.jar.set('__Host-session', encodeURIComponent(value));
    expect(await current(browser)).toBeNull();
  });
});

describe('cookies', () => {
  it('are __Host-, Secure, HttpOnly and SameSite=Lax over https', async () => {
    const [cookie] = (await signedIn()).written;
    expect(cookie?.name).toBe('__Host-session');
    expect(cookie?.options).toMatchObject({ path: '/', httpOnly: true, secure: true, sameSite: 'lax' });
    expect(cookie?.options).not.toHaveProperty('domain');
    const lifetime = FIELD_SESSION_MS / 1000;
    expect(Number(cookie?.options['maxAge'])).toBeGreaterThan(lifetime - 60);
    expect(Number(cookie?.options['maxAge'])).toBeLessThanOrEqual(lifetime);
  });

  it('have a plain name where there is no https, and neither is read as the other', async () => {
    const answer = await started();
    if (!answer.ok) throw new Error('refused');
    const plain = testBrowser('http://localhost:3000');
    writeSessionCookie(plain.event(), answer.value.secret, answer.value.expiresAt, world.clock.now());
    expect(plain.written[0]).toMatchObject({ name: 'session', options: { secure: false, httpOnly: true } });
    expect(await readCurrentSession(world.context, plain.event())).not.toBeNull();
    const secure = testBrowser();
    secure.jar.set('session', answer.value.secret);
    expect(await current(secure)).toBeNull();
  });
});
