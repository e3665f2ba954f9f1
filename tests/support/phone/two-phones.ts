import type { PersonId } from '$lib/domain/record/ids.ts';
import type { PhoneWorld } from '$lib/phone/courier/browser-world.ts';
import { PlainWard } from './plain-ward.ts';
import { testAccount, testPhone, type TestPhone, uuidAt } from './test-phone.ts';
import { testWorld } from './test-world.ts';

export interface Rest {
  readonly ms: number;
  readonly signal: AbortSignal | undefined;
}

/** Two people on one phone, both locked, and the ward of both. */
export async function twoPhones(): Promise<{
  phones: TestPhone[];
  ward: PlainWard;
  world: PhoneWorld;
  rests: Rest[];
}> {
  const ward = new PlainWard();
  const phones: TestPhone[] = [];
  for (const seed of [70, 71]) {
    const account = testAccount(uuidAt(seed) as PersonId);
    const phone = await testPhone({ account, seed });
    ward.enrol(phone.replica, phone.token, account);
    phones.push(phone);
  }
  const rests: Rest[] = [];
  const base = testWorld(phones[0]!, ward);
  const world: PhoneWorld = {
    ...base,
    pullKey: () => null,
    online: () => true,
    accounts: () => Promise.resolve(phones.map((phone) => phone.account.person)),
    openDb: (person) => Promise.resolve(phones.find((phone) => phone.account.person === person)!.db),
    timer: {
      wait: (ms, signal) => {
        rests.push({ ms, signal });
        return base.timer.wait(ms, signal);
      },
    },
  };
  return { phones, ward, world, rests };
}
