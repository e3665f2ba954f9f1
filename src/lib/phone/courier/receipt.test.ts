import { beforeEach, describe, expect, it } from 'vitest';
import { PlainWard } from '../../../../tests/support/phone/plain-ward.ts';
import { testForm, testPhone, type TestPhone } from '../../../../tests/support/phone/test-phone.ts';
import { gatedFetch, testLocks, testWorld } from '../../../../tests/support/phone/test-world.ts';
import { logAssist } from '../commands/log-assist.ts';
import { readMeta } from '../store/meta.ts';
import { deliver } from './deliver.ts';
import type { RunEnd } from './courier-world.ts';

let phone: TestPhone;
let ward: PlainWard;

beforeEach(async () => {
  phone = await testPhone();
  ward = PlainWard.knowing(phone);
  expect((await logAssist(phone, testForm())).ok).toBe(true);
});

const receipt = async (): Promise<string | null | undefined> =>
  (await readMeta(phone.db.strict, 'epoch'))?.receipt;

/** A run whose answer hangs, and another tab's that takes the lease and fares as `other` says. */
async function overtaken(other: PlainWard['fetch']): Promise<{ readonly arrive: () => Promise<RunEnd> }> {
  const gated = gatedFetch(ward);
  const first = deliver({ db: phone.db, world: testWorld(phone, gated, { lock: testLocks() }) });
  await gated.asked;
  await deliver({ db: phone.db, world: testWorld(phone, { fetch: other }, { lock: testLocks() }) }, 'steal');
  return {
    arrive: () => {
      gated.arrive();
      return first;
    },
  };
}

const noNetwork = (): Promise<Response> => Promise.reject(new TypeError('network'));

describe('I8 whatever the phone has heard, its receipt proves', () => {
  it('an outcome that a run brings which has been overtaken brings its receipt', async () => {
    const { arrive } = await overtaken(noNetwork);
    expect(await receipt()).toBeUndefined();
    expect(await arrive()).toEqual({ is: 'failed', why: 'lease_lost', afterMs: null });
    expect((await readMeta(phone.db.strict, 'replica'))?.heardTo).toBe(1);
    expect(await receipt()).toBe('epoch-1/1');
  });

  it('what has been overtaken and brings nothing leaves the newer receipt', async () => {
    const { arrive } = await overtaken(async (url, init) => {
      const answer = await ward.fetch(url, init);
      const body = (await answer.json()) as object;
      return new Response(JSON.stringify({ ...body, receipt: 'epoch-1/9' }), answer);
    });
    expect(await receipt()).toBe('epoch-1/9');
    await arrive();
    expect(await receipt()).toBe('epoch-1/9');
  });

  it('an answer that lacks what has been heard does not take the receipt of it away', async () => {
    await deliver({ db: phone.db, world: testWorld(phone, ward) });
    expect(await receipt()).toBe('epoch-1/1');
    const replica = ward.replicas.get(phone.replica);
    if (replica) replica.lastSeq = 0;
    ward.version = 0;
    await deliver({ db: phone.db, world: testWorld(phone, ward) }, 'if_free', true);
    expect(ward.requests.at(-1)?.receipt).toBe('epoch-1/1');
    expect(await receipt()).toBe('epoch-1/1');
  });
});
