import { beforeEach, describe, expect, it } from 'vitest';
import { PlainWard } from '../../../../tests/support/phone/plain-ward.ts';
import { testForm, testPhone, type TestPhone } from '../../../../tests/support/phone/test-phone.ts';
import { gatedFetch, testWorld, type TestWorld } from '../../../../tests/support/phone/test-world.ts';
import { logAssist } from '../commands/log-assist.ts';
import { readMeta, writeMeta } from '../store/meta.ts';
import { todayAssists } from '../view/today-assists.ts';
import { unsentCount } from '../view/outbox-counts.ts';
import { outboxList } from '../view/outbox-view.ts';
import { deliver } from './deliver.ts';

const TODAY = '2026-11-22';
let phone: TestPhone;
let ward: PlainWard;
let world: TestWorld;

beforeEach(async () => {
  phone = await testPhone();
  ward = PlainWard.knowing(phone);
  world = testWorld(phone, ward);
});

async function save(): Promise<string> {
  const saved = await logAssist(phone, testForm());
  if (!saved.ok) throw new Error(JSON.stringify(saved.error));
  return saved.value.rows[0]!;
}

const run = () => deliver({ db: phone.db, world });

describe('A3 the leader sees what a phone still holds', () => {
  it('each round says how many wait after it, what the phone takes the time for, and its build', async () => {
    for (let n = 0; n < 5; n++) await save();
    await writeMeta(phone.db.relaxed, 'batch', { size: 2, tooLarge: 0 });
    phone.clock.at += 10 * 365 * 86_400_000;
    world.key = null;
    await run();
    const told = ward.requests.map(({ up, unsent, at, app }) => ({ up: up.length, unsent, at, app }));
    const here = { at: phone.clock.at, app: 'test' };
    expect(told).toEqual([
      { up: 2, unsent: 3, ...here },
      { up: 3, unsent: 0, ...here },
    ]);
  });
});

describe('I11 what the screen says is true', () => {
  it('says arrived only after the acknowledgement of that very mutation', async () => {
    await save();
    expect((await todayAssists(phone.db, TODAY))[0]?.state).toBe('on_phone');
    expect(await run()).toEqual({ is: 'done' });
    const [record] = await todayAssists(phone.db, TODAY);
    expect(record?.state).toBe('arrived');
    expect(record?.pending).toBe(false);
    expect(await unsentCount(phone.db)).toBe(0);
    expect(await readMeta(phone.db.relaxed, 'replica')).toMatchObject({ heardTo: 1, rowsTo: 1, nextSeq: 2 });
  });

  it('locked: the outcome is stored alone, the record stays in the replay until its row comes', async () => {
    await save();
    world.key = null;
    expect(await run()).toEqual({ is: 'done' });
    const [locked] = await todayAssists(phone.db, TODAY);
    expect(locked).toMatchObject({ state: 'arrived', pending: true });
    expect(ward.requests[0]?.down).toBeNull();
    world.key = 'key-1';
    await run();
    expect((await todayAssists(phone.db, TODAY))[0]).toMatchObject({ state: 'arrived', pending: false });
    expect(await readMeta(phone.db.relaxed, 'replica')).toMatchObject({ heardTo: 1, rowsTo: 1 });
  });

  it('an expired session stops rows, never deliveries', async () => {
    await save();
    ward.signedIn = false;
    expect(await run()).toEqual({ is: 'done' });
    expect((await todayAssists(phone.db, TODAY))[0]?.state).toBe('arrived');
    expect(world.events.map((event) => event.kind)).toContain('session_needed');
  });
});

describe('I2 exactly once', () => {
  it('a lost answer: the same bytes go again and are settled once', async () => {
    await save();
    let lose = true;
    const losing = testWorld(phone, {
      fetch: async (url, init) => {
        const answer = await ward.fetch(url, init);
        if (!lose) return answer;
        lose = false;
        throw new TypeError('network');
      },
    });
    expect(await deliver({ db: phone.db, world: losing })).toMatchObject({ is: 'failed', why: 'no_answer' });
    expect((await todayAssists(phone.db, TODAY))[0]?.state).toBe('on_phone');
    expect(await deliver({ db: phone.db, world: losing })).toEqual({ is: 'done' });
    expect(ward.rows.size).toBe(1);
    expect(ward.requests[0]?.up).toEqual(ward.requests[1]?.up);
    expect((await todayAssists(phone.db, TODAY))[0]?.state).toBe('arrived');
  });

  it('a used replica id forks: new id, same ids and bytes', async () => {
    await save();
    await run();
    const copy = await testPhone({ seed: 99 });
    const replica = (await readMeta(phone.db.strict, 'replica'))!;
    await writeMeta(copy.db.strict, 'replica', { ...replica, nextSeq: 2, heardTo: 1, rowsTo: 1 });
    await save();
    await run();
    await logAssist(copy, testForm());
    const before = (await copy.db.strict.outbox.toArray())[0]!;
    expect(await deliver({ db: copy.db, world: testWorld(copy, ward) })).toEqual({ is: 'done' });
    const after = (await copy.db.strict.outbox.toArray())[0]!;
    expect(after).toMatchObject({ id: before.id, plain: before.plain, seq: 1, phase: 'arrived' });
    expect(after.replica).not.toBe(before.replica);
    expect(ward.rows.size).toBe(3);
  });
});

describe('R15 captive portals and proxies', () => {
  const answers: Record<string, () => Response> = {
    'a portal page': () =>
      new Response('<html>Đăng nhập wifi</html>', { status: 200, headers: { 'content-type': 'text/html' } }),
    'our type without our header': () =>
      new Response('{}', { status: 200, headers: { 'content-type': 'application/vnd.xks.sync+json' } }),
    'a truncated answer': () =>
      new Response('{"epoch":"e', {
        status: 200,
        headers: { 'content-type': 'application/vnd.xks.sync+json', 'x-xks-protocol': '1' },
      }),
    'a portal of two hundred pages, under our own content type': () =>
      new Response(`<!doctype html>${'<p>Đăng nhập để dùng mạng.</p>'.repeat(20_000)}`, {
        status: 200,
        headers: { 'content-type': 'application/vnd.xks.sync+json', 'x-xks-protocol': '1' },
      }),
    'a gzip that breaks off while it is read': () =>
      new Response(
        new ReadableStream({
          start: (body) => {
            body.enqueue(new TextEncoder().encode('{"epoch":"epoch-1","settled":['));
            body.error(new TypeError('incorrect data check'));
          },
        }),
        { status: 200, headers: { 'content-type': 'application/vnd.xks.sync+json', 'x-xks-protocol': '1' } },
      ),
    'an empty proxy error': () => new Response('', { status: 502 }),
  };
  it.each(Object.keys(answers))('%s settles nothing', async (name) => {
    await save();
    const portal = testWorld(phone, { fetch: () => Promise.resolve(answers[name]!()) });
    expect(await deliver({ db: phone.db, world: portal })).toMatchObject({ is: 'failed' });
    expect((await todayAssists(phone.db, TODAY))[0]?.state).toBe('on_phone');
    expect(await run()).toEqual({ is: 'done' });
    expect((await todayAssists(phone.db, TODAY))[0]?.state).toBe('arrived');
  });
});

describe('R15 who it was that answered', () => {
  it.each([
    ['a gateway before a server that is down', 502, 'no_answer'],
    ['a network that wants a log-in', 511, 'not_ours'],
  ])('%s (%i) is told as %s', async (_who, status, why) => {
    await save();
    const world = testWorld(phone, { fetch: () => Promise.resolve(new Response('', { status })) });
    expect(await deliver({ db: phone.db, world })).toMatchObject({ is: 'failed', why });
  });
});

describe('R15 an answer of ours in foreign hands', () => {
  it.each([
    ['another content type', { 'content-type': 'text/html', 'x-xks-protocol': '1' }],
    ['no protocol header', { 'content-type': 'application/vnd.xks.sync+json' }],
  ])('with %s settles nothing, however right its body is', async (_what, headers) => {
    await save();
    const proxy = testWorld(phone, {
      fetch: async (url, init) => new Response(await (await ward.fetch(url, init)).text(), { headers }),
    });
    expect(await deliver({ db: phone.db, world: proxy })).toMatchObject({ is: 'failed', why: 'not_ours' });
    expect((await todayAssists(phone.db, TODAY))[0]?.state).toBe('on_phone');
  });
});

describe('I6 refused is not gone', () => {
  it('a refused record stays in the lists, marked; the next ones are not held up', async () => {
    const first = await save();
    await save();
    ward.refuse = (mutation) =>
      mutation.changes[0]?.id === first ? { is: 'refused', code: 'not_yours' } : null;
    await run();
    const records = await todayAssists(phone.db, TODAY);
    expect(records.map((record) => record.state).sort()).toEqual(['arrived', 'needs_you']);
    expect(records.find((record) => record.id === first)).toMatchObject({
      pending: true,
      state: 'needs_you',
    });
    expect((await outboxList(phone.db))[0]).toMatchObject({
      state: 'needs_you',
      outcome: { is: 'refused', code: 'not_yours' },
    });
  });
});

describe('I8 restore-proof', () => {
  it('what the restored server has forgotten goes again by itself', async () => {
    const restore = ward.backup();
    await save();
    await run();
    expect(ward.rows.size).toBe(1);
    restore();
    expect(ward.rows.size).toBe(0);
    await save();
    expect(await run()).toEqual({ is: 'done' });
    expect(ward.rows.size).toBe(2);
    expect(world.events.map((event) => event.kind)).toContain('epoch_changed');
    for (const record of await todayAssists(phone.db, TODAY))
      expect(record).toMatchObject({ state: 'arrived', pending: false });
  });

  it('what the restored server lacks is on the phone again at once, and said so', async () => {
    const restore = ward.backup();
    await save();
    await run();
    restore();
    await save();
    let rounds = 0;
    const breaking = testWorld(phone, {
      fetch: (url, init) => {
        rounds += 1;
        return rounds === 1 ? ward.fetch(url, init) : Promise.reject(new TypeError('network'));
      },
    });
    expect(await deliver({ db: phone.db, world: breaking })).toMatchObject({ is: 'failed' });
    const states = (await todayAssists(phone.db, TODAY)).map((record) => record.state);
    expect(states).toEqual(['on_phone', 'on_phone']);
    expect(await unsentCount(phone.db)).toBe(2);
  });

  it('an answer of an epoch the phone has left is dropped', async () => {
    await save();
    await run();
    const late = ward.epoch;
    ward.epoch = 'epoch-2';
    await run();
    const before = await phone.db.relaxed.rows.toArray();
    ward.epoch = late;
    ward.version += 100;
    expect(await run()).toMatchObject({ is: 'failed', why: 'no_progress' });
    expect(await phone.db.relaxed.rows.toArray()).toEqual(before);
    expect((await readMeta(phone.db.relaxed, 'epoch'))?.id).toBe('epoch-2');
  });
});

describe('I4 I8 two restores while one answer hangs', () => {
  it('the answer of the epoch between, which the phone never was in, does not take it back there', async () => {
    await save();
    await run();
    const gated = gatedFetch(ward);
    const slow = testWorld(phone, gated);
    ward.epoch = 'epoch-2';
    await save();
    const hanging = deliver({ db: phone.db, world: slow });
    await gated.asked;
    ward.epoch = 'epoch-3';
    await deliver({ db: phone.db, world }, 'steal');
    gated.arrive();
    await hanging;
    expect((await readMeta(phone.db.relaxed, 'epoch'))?.id).toBe('epoch-3');
    await save();
    expect(await run()).toEqual({ is: 'done' });
  });
});

describe('a fork that the server does not know how to make', () => {
  it('waits for enrolment like any token that is unknown, and says so', async () => {
    await save();
    await writeMeta(phone.db.strict, 'nextReplica', { id: phone.replica });
    const strange = testWorld(phone, { fetch: () => Promise.resolve(new Response('{}', { status: 401 })) });
    expect(await deliver({ db: phone.db, world: strange })).toEqual({ is: 'stopped', why: 'unknown_token' });
    expect((await readMeta(phone.db.relaxed, 'contact'))?.problem).toBe('unknown_token');
    expect(await unsentCount(phone.db)).toBe(1);
  });
});

describe('413 and batches', () => {
  it('halves until it gets through, then grows', async () => {
    for (let at = 0; at < 9; at++) await save();
    const narrow = testWorld(
      phone,
      {
        fetch: (url, init) => {
          const small = (init.body as Uint8Array).length < 3000;
          return small ? ward.fetch(url, init) : Promise.resolve(new Response('', { status: 413 }));
        },
      },
      { gzip: null },
    );
    expect(await deliver({ db: phone.db, world: narrow })).toEqual({ is: 'done' });
    expect(ward.rows.size).toBe(9);
    expect(ward.requests.every((request) => request.up.length < 9)).toBe(true);
  });

  it('a lone one that is never let through gives up its seq and needs its author', async () => {
    await save();
    await save();
    const first = (await outboxList(phone.db))[0]!.mutation;
    const blocked = testWorld(
      phone,
      {
        fetch: (url, init) => {
          const text = new TextDecoder().decode(init.body as Uint8Array);
          const bears = text.includes(`\\"id\\":\\"${first}\\"`);
          return bears ? Promise.resolve(new Response('', { status: 413 })) : ward.fetch(url, init);
        },
      },
      { gzip: null },
    );
    for (let at = 0; at < 6; at++) await deliver({ db: phone.db, world: blocked });
    const lines = await outboxList(phone.db);
    expect(lines.find((line) => line.mutation === first)).toMatchObject({
      state: 'needs_you',
      outcome: { is: 'given_up' },
    });
    expect(lines.filter((line) => line.state === 'arrived')).toHaveLength(1);
  });
});
