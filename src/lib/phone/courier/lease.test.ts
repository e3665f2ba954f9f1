import { beforeEach, describe, expect, it } from 'vitest';
import { PlainWard } from '../../../../tests/support/phone/plain-ward.ts';
import { testForm, testPhone, type TestPhone } from '../../../../tests/support/phone/test-phone.ts';
import { gatedFetch, testLocks, testWorld } from '../../../../tests/support/phone/test-world.ts';
import { logAssist } from '../commands/log-assist.ts';
import { readMeta, writeMeta } from '../store/meta.ts';
import { todayAssists } from '../view/today-assists.ts';
import { deliver } from './deliver.ts';
import { FROZEN_AFTER_MS, HEARTBEAT_MS, isFrozen, lockName } from './lease.ts';

let phone: TestPhone;
let ward: PlainWard;

beforeEach(async () => {
  phone = await testPhone();
  ward = PlainWard.knowing(phone);
  expect((await logAssist(phone, testForm())).ok).toBe(true);
});

/** A timer that jumps: each wait ends at once, and what has been waited is counted. */
function jumpingTimer(during: (waited: number) => Promise<void> = () => Promise.resolve()) {
  const timer = {
    waited: 0,
    wait: async (ms: number) => {
      timer.waited += ms;
      await during(timer.waited);
    },
  };
  return timer;
}

describe('R10 two tabs behave as one', () => {
  it('one of them delivers, the other finds it busy', async () => {
    const lock = testLocks();
    const gated = gatedFetch(ward);
    const slow = testWorld(phone, gated, { lock });
    const first = deliver({ db: phone.db, world: slow });
    await gated.asked;
    expect((await todayAssists(phone.db, '2026-11-22'))[0]?.state).toBe('sending');
    expect(await deliver({ db: phone.db, world: testWorld(phone, ward, { lock }) })).toEqual({ is: 'busy' });
    gated.arrive();
    expect(await first).toEqual({ is: 'done' });
    expect(ward.requests).toHaveLength(1);
    expect((await todayAssists(phone.db, '2026-11-22'))[0]?.state).toBe('arrived');
  });

  it('nothing is said to be on its way once a run has ended, failed ones too', async () => {
    const broken = testWorld(phone, { fetch: () => Promise.reject(new TypeError('network')) });
    await deliver({ db: phone.db, world: broken });
    expect((await todayAssists(phone.db, '2026-11-22'))[0]?.state).toBe('on_phone');
    expect((await readMeta(phone.db.strict, 'lease'))?.sending).toBeNull();
  });

  it('a run that was killed while sending is not believed by the next one', async () => {
    await writeMeta(phone.db.strict, 'lease', { holder: 'killed', beat: 3, sending: [1, 1] });
    const broken = testWorld(phone, { fetch: () => Promise.reject(new TypeError('network')) });
    await deliver({ db: phone.db, world: broken });
    expect((await todayAssists(phone.db, '2026-11-22'))[0]?.state).toBe('on_phone');
  });

  it('a heart that beats is never taken for frozen, whatever the clocks say', async () => {
    await writeMeta(phone.db.strict, 'lease', { holder: 'other', beat: 1, sending: [1, 1] });
    const timer = jumpingTimer(async (waited) => {
      phone.clock.at -= 1_000_000_000;
      if (waited >= FROZEN_AFTER_MS - HEARTBEAT_MS) {
        await writeMeta(phone.db.strict, 'lease', { holder: 'other', beat: 2, sending: [1, 1] });
      }
    });
    const world = testWorld(phone, ward, { timer });
    expect(await isFrozen({ db: phone.db, world }, new AbortController().signal)).toBe(false);
  });

  it('one that stands still for 30 s of watching is stolen, and N is halved', async () => {
    await writeMeta(phone.db.strict, 'lease', { holder: 'frozen', beat: 1, sending: [1, 1] });
    await writeMeta(phone.db.strict, 'batch', { size: 64, tooLarge: 0 });
    const timer = jumpingTimer();
    const watching = testWorld(phone, ward, { timer });
    expect(await isFrozen({ db: phone.db, world: watching }, new AbortController().signal)).toBe(true);
    expect(timer.waited).toBe(FROZEN_AFTER_MS);
    const lock = testLocks();
    lock.held.add(lockName(phone.account.person));
    const world = testWorld(phone, ward, { lock });
    world.key = null;
    let size = 0;
    const counting = {
      ...world,
      fetch: async (url: string, init: RequestInit) => {
        size = (await readMeta(phone.db.strict, 'batch'))?.size ?? 0;
        return ward.fetch(url, init);
      },
    };
    expect(await deliver({ db: phone.db, world: counting }, 'steal')).toEqual({ is: 'done' });
    expect(size).toBe(32);
  });
});
