import { IDBFactory, IDBKeyRange } from 'fake-indexeddb';
import { describe, expect, it, vi } from 'vitest';
import { enrolDoors, type EnrolDoors, person } from '../../../../tests/support/phone/enrol-doors.ts';
import { utf8 } from '../../kernel/bytes.ts';
import { readMeta } from '../store/meta.ts';
import { deriveArgon2id } from '../vault/argon2.ts';
import { AUTO_LOCK } from '../vault/auto-lock.ts';
import { openDeviceStore } from '../vault/device-store.ts';
import { openDatabases } from './account-shelves.ts';
import { makePhoneSession } from './phone-session.ts';
import { sealerOf } from './vault-sealer.ts';
import { type SessionParts, sessionPorts } from './wire-session.ts';

function phone(server: EnrolDoors) {
  const idb = { indexedDB: new IDBFactory(), IDBKeyRange };
  const world = { now: 1_000_000, woken: [] as string[], sent: [] as string[] };
  const databases = openDatabases(idb);
  const timers = new Set<{ readonly at: number; readonly run: () => void }>();
  /** Time goes by, and what is due is run in its order. */
  const pass = (ms: number): void => {
    const until = world.now + ms;
    for (;;) {
      const [next] = [...timers].filter(({ at }) => at <= until).sort((a, b) => a.at - b.at);
      if (next === undefined) break;
      timers.delete(next);
      world.now = next.at;
      next.run();
    }
    world.now = until;
  };
  const load = () => {
    const random = { bytes: (length: number) => crypto.getRandomValues(new Uint8Array(length)) };
    const clock = { now: () => world.now };
    const parts = {
      device: openDeviceStore(idb),
      databases,
      kdf: { derive: (secret, p) => deriveArgon2id(secret, { ...p, memoryKiB: 64, passes: 1 }) },
      clock,
      random,
      fetch: server.fetch,
      userAgent: 'Android Chrome/140',
      after: (ms, run) => {
        const timer = { at: world.now + ms, run };
        timers.add(timer);
        return () => timers.delete(timer);
      },
      lookForEviction: () => Promise.resolve(null),
      askForSync: () => Promise.resolve(),
    } satisfies SessionParts;
    const ports = sessionPorts(parts, {
      wake: (why) => void world.woken.push(why),
      sendNow: (person) => {
        world.sent.push(person);
        return Promise.resolve({ is: 'sent', count: 2, left: 0 });
      },
    });
    return makePhoneSession(ports);
  };
  return { load, world, databases, idb, pass };
}

type Session = Awaited<ReturnType<ReturnType<typeof phone>['load']>>;
async function enrol(session: Session, code: string, pin: string) {
  const enrolment = await session.enrolment();
  const redeemed = await enrolment.redeem(code);
  const finished = redeemed.ok ? await enrolment.finish(pin) : null;
  return { redeemed, finished };
}
const openPhone = (session: Session) => {
  const state = session.get();
  if (state.is !== 'unlocked') throw new Error(`is ${state.is}`);
  return state;
};

describe('A2 an open vault that nobody touches', () => {
  const MINUTE = 60_000;
  const opened = async () => {
    const { load, pass } = phone(await enrolDoors());
    const session = await load();
    await enrol(session, 'AAAAAAAAAA', '739264');
    /** What the vault was when its drafts were sealed: locking begins with that, at once. */
    const sealed: string[] = [];
    const is = (): string => session.get().is;
    session.beforeLock(() => Promise.resolve(void sealed.push(is())));
    return { session, pass, is, sealed };
  };

  it('locks by itself after five minutes, and each touch begins them anew', async () => {
    const { session, pass, is, sealed } = await opened();
    pass(4 * MINUTE);
    session.active();
    pass(4 * MINUTE);
    expect(sealed).toEqual([]);
    pass(MINUTE);
    expect(sealed).toEqual(['unlocked']);
    await expect.poll(is).toBe('locked');
  });

  it('while a visit is open after forty-five', async () => {
    const { session, pass, is, sealed } = await opened();
    session.visitOpen(true);
    pass(44 * MINUTE);
    expect(sealed).toEqual([]);
    pass(MINUTE);
    expect(sealed).toEqual(['unlocked']);
    await expect.poll(is).toBe('locked');
  });
});

describe('A2 a phone from its first QR on', () => {
  it('is empty, enrols, is unlocked, locks, and opens again with no network', async () => {
    const server = await enrolDoors();
    const { load } = phone(server);
    const session = await load();
    expect(session.get()).toEqual({ is: 'empty', evicted: null });
    const { redeemed } = await enrol(session, 'AAAAAAAAAA', '739264');
    expect(redeemed).toMatchObject({ ok: true, value: { again: false, account: { name: 'Người 1' } } });
    await expect.poll(() => openPhone(session).signedIn).toBe('yes');
    await session.lock();
    expect(session.get().is).toBe('locked');
    server.state.offline = true;
    const again = await load();
    expect(await again.unlock('739264')).toEqual({ ok: true, value: null });
    await expect.poll(() => openPhone(again).signedIn).toBe('offline');
  });

  it('a lost answer burns nothing: the same question, also from a page loaded anew, gets the same answer', async () => {
    const server = await enrolDoors();
    const { load, databases } = phone(server);
    server.state.loseAnswer = true;
    const first = await load();
    expect((await enrol(first, 'AAAAAAAAAA', '739264')).redeemed).toEqual({
      ok: false,
      error: { kind: 'offline' },
    });
    const asked = server.used.get('AAAAAAAAAA');
    const second = await load();
    expect((await enrol(second, 'AAAAAAAAAA', '739264')).finished?.ok).toBe(true);
    expect(server.used.get('AAAAAAAAAA')).toEqual(asked);
    const db = await databases.of(openPhone(second).vault.person);
    expect(await readMeta(db.strict, 'replica')).toMatchObject({ id: asked?.replica, nextSeq: 1 });
  });

  it('a refused code says why', async () => {
    const session = await phone(await enrolDoors()).load();
    expect((await enrol(session, 'ZZZZZZZZZZ', '739264')).redeemed).toEqual({
      ok: false,
      error: { kind: 'refused', problem: 'unknown_code', retryAfter: null },
    });
  });

  it('lost PIN: the same QR again opens what was sealed before, and what is unsent goes on under the new replica', async () => {
    const server = await enrolDoors();
    const { load, databases } = phone(server);
    const session = await load();
    await enrol(session, 'AAAAAAAAAA', '739264');
    const before = openPhone(session);
    const aad = utf8('draft');
    const sealed = await before.phone.sealer.seal({ note: 'ghi chú' }, aad);
    const db = await databases.of(before.vault.person);
    const replica = (await readMeta(db.strict, 'replica'))!;
    const entry = {
      id: 'm1',
      place: 1,
      replica: replica.id,
      seq: 1,
      rows: [],
      phase: 'unsent',
      replay: 1,
      ackedAt: 0,
      plain: '{}',
    };
    await db.strict.outbox.add(entry as never);
    await session.lock();
    const again = await load();
    expect((await enrol(again, 'CCCCCCCCCC', '508173')).redeemed).toMatchObject({ value: { again: true } });
    expect(await openPhone(again).phone.sealer.open(sealed.blob, sealed.key, aad)).toEqual({
      note: 'ghi chú',
    });
    const after = (await readMeta(db.strict, 'replica'))!;
    expect(after.id).not.toBe(replica.id);
    expect(await db.strict.outbox.get('m1' as never)).toMatchObject({
      replica: after.id,
      seq: 1,
      plain: '{}',
    });
    await again.lock();
    expect(await again.unlock('739264')).toMatchObject({ ok: false, error: { kind: 'wrong_pin' } });
  });

  it('when the server lost its key, the same PIN typed again still opens the old records', async () => {
    const server = await enrolDoors();
    const { load } = phone(server);
    const session = await load();
    await enrol(session, 'AAAAAAAAAA', '739264');
    const sealed = await openPhone(session).phone.sealer.seal({ note: 'a' }, utf8('x'));
    server.state.giveKeys = false;
    await enrol(session, 'CCCCCCCCCC', '739264');
    expect(await openPhone(session).phone.sealer.open(sealed.blob, sealed.key, utf8('x'))).toEqual({
      note: 'a',
    });
  });
});

describe('A2 two people on one phone', () => {
  it('each has a vault, a database and a PIN; the switcher goes between them', async () => {
    const server = await enrolDoors();
    const { load, databases } = phone(server);
    const session = await load();
    await enrol(session, 'AAAAAAAAAA', '739264');
    const first = openPhone(session).vault;
    await enrol(session, 'BBBBBBBBBB', '508173');
    const second = openPhone(session);
    expect(first.closed).toBe(true);
    expect(second.account.name).toBe('Người 2');
    expect(second.accounts).toHaveLength(2);
    await expect.poll(() => openPhone(session).signedIn).toBe('yes');
    expect(server.state.session).toBe(person(2));
    await session.switchTo(first.person);
    expect(session.get()).toMatchObject({ is: 'locked', account: { name: 'Người 1' } });
    expect(await session.unlock('508173')).toMatchObject({ ok: false });
    expect((await databases.of(first.person)).strict.name).not.toBe(
      (await databases.of(second.vault.person)).strict.name,
    );
    expect(session.pullKey(second.vault.person)).toBeNull();
  });
});

describe('A2 locking, leaving, revoking', () => {
  it('seals drafts before the keys go, and does not wait for ever', async () => {
    const server = await enrolDoors();
    const { load } = phone(server);
    const session = await load();
    await enrol(session, 'AAAAAAAAAA', '739264');
    const vault = openPhone(session).vault;
    const order: string[] = [];
    session.beforeLock(async () => {
      order.push((await vault.seal('nháp', utf8('d'))) ? 'sealed' : 'too late');
    });
    await Promise.all([session.lock(), session.lock()]);
    expect(order).toEqual(['sealed']);
    expect(vault.closed).toBe(true);
    await expect(sealerOf(vault).seal({}, utf8('d'))).rejects.toThrow('locked');
  });

  it('locks when it is seen again after its time', async () => {
    const { load, world } = phone(await enrolDoors());
    const session = await load();
    await enrol(session, 'AAAAAAAAAA', '739264');
    world.now += AUTO_LOCK.idleMs;
    await session.look();
    await expect.poll(() => session.get().is).toBe('locked');
  });

  it('signed out: not offered, database and token stay for what is unsent', async () => {
    const doors = await enrolDoors();
    const { load, databases } = phone(doors);
    const session = await load();
    await enrol(session, 'AAAAAAAAAA', '739264');
    const { person } = openPhone(session).vault;
    await vi.waitFor(() => expect(doors.state.session).toBe(person));
    await session.signOut();
    expect(session.get()).toEqual({ is: 'empty', evicted: null });
    await vi.waitFor(() => expect(doors.state.session).toBeNull());
    expect((await readMeta((await databases.of(person)).strict, 'replica'))?.token).toContain('phuong-mau.');
  });

  it('revoked: keys and database go', async () => {
    const { load, idb } = phone(await enrolDoors());
    const session = await load();
    await enrol(session, 'AAAAAAAAAA', '739264');
    const { vault } = openPhone(session);
    await session.revoked(vault.person);
    expect(vault.closed).toBe(true);
    expect(session.get().is).toBe('empty');
    expect((await idb.indexedDB.databases()).map(({ name }) => name)).toEqual(['xks.device']);
    expect(await openDeviceStore(idb).vaults()).toEqual([]);
  });

  it('a ward that asks again for a key that is sealed to it already is not stormed; "Gửi ngay" is for who is in front', async () => {
    const { load, world } = phone(await enrolDoors());
    const session = await load();
    await enrol(session, 'AAAAAAAAAA', '739264');
    const { vault } = openPhone(session);
    await session.keyNeeded(vault.person);
    expect(world.woken).not.toContain('key_sealed');
    await session.lock();
    expect(await session.sendNow()).toMatchObject({ is: 'sent' });
    expect(world.sent).toEqual([vault.person]);
  });

  it('a session that expired is renewed by signing, one request for many askers', async () => {
    const server = await enrolDoors();
    const { load, world } = phone(server);
    const session = await load();
    await enrol(session, 'AAAAAAAAAA', '739264');
    await expect.poll(() => openPhone(session).signedIn).toBe('yes');
    server.state.session = null;
    server.state.asked.length = 0;
    await Promise.all([session.renew(), session.renew(), session.renew()]);
    expect(server.state.asked).toEqual(['/api/session/challenge', '/api/session']);
    expect(world.woken).toContain('signed_in');
    await session.lock();
    expect(await session.renew()).toEqual({ ok: false, error: { kind: 'locked' } });
  });
});
