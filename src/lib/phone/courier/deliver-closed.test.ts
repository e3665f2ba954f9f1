import { describe, expect, it } from 'vitest';
import { testForm } from '../../../../tests/support/phone/test-phone.ts';
import { twoPhones } from '../../../../tests/support/phone/two-phones.ts';
import { logAssist } from '../commands/log-assist.ts';
import { reopenAccountDb } from '../store/open-account-db.ts';
import { unsentCount } from '../view/outbox-counts.ts';
import { deliverAll } from './deliver-closed.ts';

/** Both have saved something; the one of this place on the phone cannot be opened. */
async function oneBroken(broken: number) {
  const { phones, ward, world } = await twoPhones();
  for (const phone of phones) await logAssist(phone, testForm({ performedBy: [phone.account.person] }));
  const openDb: typeof world.openDb = (person) =>
    person === phones[broken]?.account.person
      ? Promise.reject(new DOMException('damaged', 'UnknownError'))
      : world.openDb(person);
  const whole = phones[1 - broken];
  if (whole === undefined) throw new Error('two phones');
  return { whole, ward, world: { ...world, openDb } };
}

describe('I1 saved is saved, with no page open', () => {
  it.each([0, 1])('an account that cannot be opened (place %i) holds nobody up', async (broken) => {
    const { whole, ward, world } = await oneBroken(broken);
    expect(await deliverAll(world)).toBe(false);
    await reopenAccountDb(whole.db);
    expect(await unsentCount(whole.db)).toBe(0);
    expect(ward.requests.map(({ replica }) => replica)).toContain(whole.replica);
  });

  it('says that nothing waits once everybody has delivered', async () => {
    const { phones, world } = await twoPhones();
    for (const phone of phones) await logAssist(phone, testForm({ performedBy: [phone.account.person] }));
    expect(await deliverAll(world)).toBe(true);
  });
});
