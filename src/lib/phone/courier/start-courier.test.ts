import { describe, expect, it } from 'vitest';
import { PlainWard } from '../../../../tests/support/phone/plain-ward.ts';
import {
  testAccount,
  testForm,
  testPhone,
  type TestPhone,
  uuidAt,
} from '../../../../tests/support/phone/test-phone.ts';
import { testWorld } from '../../../../tests/support/phone/test-world.ts';
import type { PersonId } from '../../domain/record/ids.ts';
import { logAssist } from '../commands/log-assist.ts';
import { unsentCount } from '../view/outbox-view.ts';
import { backOffMs, restAfter } from './back-off.ts';
import type { PhoneWorld } from './browser-world.ts';
import { startCourier } from './start-courier.ts';

async function twoPhones(): Promise<{
  phones: TestPhone[];
  ward: PlainWard;
  world: PhoneWorld;
  rests: number[];
}> {
  const ward = new PlainWard();
  const phones: TestPhone[] = [];
  for (const seed of [70, 71]) {
    const account = testAccount(uuidAt(seed) as PersonId);
    const phone = await testPhone({ account, seed });
    ward.enrol(phone.replica, phone.token, account);
    phones.push(phone);
  }
  const rests: number[] = [];
  const base = testWorld(phones[0]!, ward);
  const world: PhoneWorld = {
    ...base,
    pullKey: () => null,
    accounts: () => Promise.resolve(phones.map((phone) => phone.account.person)),
    openDb: (person) => Promise.resolve(phones.find((phone) => phone.account.person === person)!.db),
    timer: {
      wait: (ms, signal) => {
        rests.push(ms);
        return base.timer.wait(ms, signal);
      },
    },
  };
  return { phones, ward, world, rests };
}

describe('I7 only yours: each account by its own token', () => {
  it('delivers for every account on the phone, locked ones too', async () => {
    const { phones, ward, world } = await twoPhones();
    for (const phone of phones) await logAssist(phone, testForm({ performedBy: [phone.account.person] }));
    const courier = startCourier(world);
    await courier.sendNow();
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
    await courier.sendNow();
    await logAssist(phones[0]!, testForm({ performedBy: [phones[0]!.account.person] }));
    courier.wake('saved');
    await courier.sendNow();
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
