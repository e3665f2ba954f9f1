import { describe, expect, it } from 'vitest';
import { testForm } from '../../../../tests/support/phone/test-phone.ts';
import { twoPhones } from '../../../../tests/support/phone/two-phones.ts';
import { logAssist } from '../commands/log-assist.ts';
import { unsentCount } from '../view/outbox-counts.ts';
import { backOffMs, restAfter } from './back-off.ts';
import type { PhoneWorld } from './browser-world.ts';
import { startCourier } from './start-courier.ts';

describe('I7 only yours: each account by its own token', () => {
  it('delivers for every account on the phone, locked ones too', async () => {
    const { phones, ward, world } = await twoPhones();
    for (const phone of phones) await logAssist(phone, testForm({ performedBy: [phone.account.person] }));
    const courier = startCourier(world);
    await courier.sendNow(phones[0]!.account.person);
    courier.stop();
    expect(await Promise.all(phones.map((phone) => unsentCount(phone.db)))).toEqual([0, 0]);
    for (const request of ward.requests) {
      const phone = phones.find((one) => one.replica === request.replica)!;
      for (const envelope of request.up) expect(envelope.plain).toContain(phone.account.person);
      expect(request.down).toBeNull();
    }
  });

  it('a save wakes it at once, out of any rest', async () => {
    const { phones, world } = await twoPhones();
    const courier = startCourier(world);
    await courier.sendNow(phones[0]!.account.person);
    await logAssist(phones[0]!, testForm({ performedBy: [phones[0]!.account.person] }));
    courier.wake('saved');
    await courier.sendNow(phones[0]!.account.person);
    courier.stop();
    expect(await unsentCount(phones[0]!.db)).toBe(0);
  });
});

describe('R14 no storms: back-off with jitter', () => {
  const random = { bytes: (length: number) => new Uint8Array(length).fill(128) };
  it('doubles up to five minutes, and listens to the server', () => {
    const [first = 0, second = 0, tenth = 0, hundredth = 0] = [1, 2, 10, 100].map((failures) =>
      backOffMs(failures, random),
    );
    expect(second / first).toBeCloseTo(2);
    expect(tenth).toBe(hundredth);
    expect(hundredth).toBeLessThanOrEqual(300_000);
    expect(restAfter({ is: 'failed', why: 'busy', afterMs: 900_000 }, 1, true, random)).toBe(900_000);
  });

  it('spreads phones that failed together over half of the time at least', () => {
    const low = backOffMs(5, { bytes: (length) => new Uint8Array(length) });
    const high = backOffMs(5, { bytes: (length) => new Uint8Array(length).fill(255) });
    expect(high - low).toBeGreaterThanOrEqual(low * 0.99);
  });
});

describe('"Gửi ngay" goes at once and says what came of it', () => {
  async function one(fetch?: PhoneWorld['fetch'], online = true) {
    const { phones, ward, world, rests } = await twoPhones();
    const phone = phones[0]!;
    const { person } = phone.account;
    const calls = { count: 0, looks: 0 };
    const counted: PhoneWorld['fetch'] = (url, init) => {
      calls.count += 1;
      return (fetch ?? ward.fetch)(url, init);
    };
    await logAssist(phone, testForm({ performedBy: [person] }));
    const courier = startCourier({
      ...world,
      fetch: counted,
      online: () => online,
      accounts: () => {
        calls.looks += 1;
        return Promise.resolve([person]);
      },
    });
    return { phone, ward, courier, rests, calls, send: () => courier.sendNow(person) };
  }
  const html = () => Promise.resolve(new Response('<html>', { headers: { 'content-type': 'text/html' } }));

  it('sent so many', async () => {
    const { send, courier } = await one();
    expect(await send()).toEqual({ is: 'sent', count: 1, left: 0 });
    expect(await send()).toEqual({ is: 'nothing' });
    courier.stop();
  });

  it.each<[string, PhoneWorld['fetch'], boolean, object]>([
    ['no signal', () => Promise.reject(new TypeError('failed')), false, { problem: 'no_signal' }],
    ['the ward is silent', () => Promise.reject(new TypeError('failed')), true, { problem: 'no_answer' }],
    ['a portal', html, true, { problem: 'not_ours' }],
    [
      'the ward is busy',
      () => Promise.resolve(new Response('', { status: 503, headers: { 'retry-after': '90' } })),
      true,
      { problem: 'no_answer', retryAfterS: 90 },
    ],
  ])('%s', async (_name, fetch, online, expected) => {
    const { send, courier, phone } = await one(fetch, online);
    expect(await send()).toMatchObject({ is: 'stuck', ...expected });
    courier.stop();
    expect(await unsentCount(phone.db)).toBe(1);
  });

  it('ignores the back-off, and what the ward asked for too; a save does not', async () => {
    const { send, courier, ward, rests, calls, phone } = await one();
    ward.problem = 'slow_down';
    ward.retryAfter = 900;
    await expect.poll(() => rests.at(-1)?.ms).toBe(900_000);
    const [before, looked] = [calls.count, calls.looks];
    courier.wake('saved');
    courier.wake('online');
    await expect.poll(() => calls.looks).toBe(looked + 2);
    expect(rests.at(-1)?.signal?.aborted).toBe(false);
    expect(await unsentCount(phone.db)).toBe(1);
    expect(await send()).toEqual({ is: 'stuck', problem: 'slow_down', retryAfterS: 900 });
    expect(calls.count).toBe(before + 1);
    courier.stop();
  });
});
