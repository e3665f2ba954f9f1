import { afterEach, describe, expect, it } from 'vitest';
import { testForm } from '../../../../tests/support/phone/test-phone.ts';
import { enrolledPhone, type OpenPage, unlocked } from '../../../../tests/support/phone/whole-phone.ts';
import type { PersonId } from '../../domain/record/ids.ts';
import { logAssist } from '../commands/log-assist.ts';
import { accountDbName } from '../store/open-account-db.ts';
import { openDeviceStore } from '../vault/device-store.ts';

const PIN = '739264';
const pages: OpenPage[] = [];
afterEach(() => pages.splice(0).forEach((page) => page.close()));

async function enrolled() {
  const phone = await enrolledPhone(PIN);
  const { page } = phone;
  pages.push(page);
  await page.session.sendNow();
  const databases = async () => (await phone.idb.indexedDB.databases()).map(({ name }) => name);
  return { ...phone, databases };
}

const save = (page: OpenPage, person: PersonId) =>
  logAssist(unlocked(page).phone, testForm({ performedBy: [person] }));

describe('A3 I1 a revoked phone gives all it has before it lets go of anything', () => {
  it('locked: sends what waits, is acknowledged, then keys and databases go', async () => {
    const { page, person, ward, doors, databases, idb } = await enrolled();
    doors.state.offline = true;
    for (let n = 0; n < 3; n++) await save(page, person);
    await page.session.lock();
    ward.problem = 'revoked';
    doors.state.offline = false;
    await page.session.sendNow();
    await expect.poll(() => page.session.get().is).toBe('empty');
    expect(ward.known.size).toBe(3);
    await expect.poll(databases).toEqual(['xks.device']);
    expect(await openDeviceStore(idb).vaults()).toEqual([]);
  });

  it('no answer, no letting go', async () => {
    const { page, person, ward, doors, databases } = await enrolled();
    doors.state.offline = true;
    await save(page, person);
    ward.problem = 'revoked';
    expect(await page.session.sendNow()).toMatchObject({ is: 'stuck', problem: 'no_signal' });
    expect(await databases()).toContain(accountDbName(person));
    expect(unlocked(page).vault.closed).toBe(false);
  });

  it('a save made after the ward had answered is sent first', async () => {
    const { page, person, ward, doors, databases } = await enrolled();
    ward.problem = 'revoked';
    doors.state.offline = true;
    expect((await save(page, person)).ok).toBe(true);
    // The courier heard "revoked" when nothing waited; meanwhile somebody had saved.
    await page.session.revoked(person);
    expect(await databases()).toContain(accountDbName(person));
    expect(unlocked(page).vault.closed).toBe(false);
    doors.state.offline = false;
    await page.session.sendNow();
    await expect.poll(databases).toEqual(['xks.device']);
    expect(ward.known.size).toBe(1);
  });

  it('from the moment it lets go, no save says "đã lưu"', async () => {
    const { page, person, idb } = await enrolled();
    const { phone } = unlocked(page);
    await phone.db.strict.meta.put({ name: 'revoked', value: { at: 1 } });
    expect(await save(page, person)).toEqual({ ok: false, error: { kind: 'not_enrolled' } });
    expect(await phone.db.strict.outbox.count()).toBe(0);
    expect((await idb.indexedDB.databases()).length).toBe(2);
  });

  it('an idle, locked phone hears of it when the app is opened', async () => {
    const { page, ward, load, databases } = await enrolled();
    await page.session.lock();
    page.close();
    ward.problem = 'revoked';
    const again = await load();
    pages.push(again);
    await expect.poll(databases).toEqual(['xks.device']);
    await expect.poll(() => again.session.get().is).toBe('empty');
  });

  it('another tab closes with it when it is looked at', async () => {
    const { page, person, load } = await enrolled();
    const other = await load();
    pages.push(other);
    await other.session.unlock(PIN);
    const { vault } = unlocked(other);
    await page.session.revoked(person);
    await other.session.look();
    expect(vault.closed).toBe(true);
    expect(other.session.get().is).toBe('empty');
  });
});
