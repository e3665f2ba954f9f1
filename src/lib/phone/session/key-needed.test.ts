import { afterEach, describe, expect, it } from 'vitest';
import { testForm } from '../../../../tests/support/phone/test-phone.ts';
import { enrolledPhone, type OpenPage, unlocked } from '../../../../tests/support/phone/whole-phone.ts';
import { makeBoxKeys, openBox } from '../../kernel/crypto/sealed-box.ts';
import { keyAad } from '../../protocol/bound-bytes.ts';
import { logAssist } from '../commands/log-assist.ts';
import { unsentCount } from '../view/outbox-counts.ts';
import { recordOf } from '../view/records.ts';

const PIN = '739264';
const pages: OpenPage[] = [];
afterEach(() => pages.splice(0).forEach((page) => page.close()));

async function enrolled() {
  const phone = await enrolledPhone(PIN);
  pages.push(phone.page);
  return phone;
}

/** The ward's delivery key was replaced (a restore without the old one): it opens nothing that is sealed to the old. */
async function replaceDeliveryKey({ ward }: Awaited<ReturnType<typeof enrolled>>) {
  const box = await makeBoxKeys();
  ward.deliveryKey = { id: 'k2', publicKey: box.publicKey };
  ward.opensOnly = 'k2';
  return box;
}

async function save(page: OpenPage, person: string): Promise<string> {
  const saved = await logAssist(unlocked(page).phone, testForm({ performedBy: [person as never] }));
  if (!saved.ok) throw new Error(saved.error.kind);
  return saved.value.rows[0]!;
}

describe('A2 a data key that the ward can no longer open is sealed anew', () => {
  it('at once while the vault is open: rows come down again without a lock', async () => {
    const phone = await enrolled();
    const { page, person, ward, events } = phone;
    const box = await replaceDeliveryKey(phone);
    const assist = await save(page, person);
    await page.session.sendNow();
    const { db } = unlocked(page).phone;
    await expect.poll(async () => (await recordOf(db, 'assist', assist))?.pending).toBe(false);
    const sealed = ward.requests.at(-1)?.keys.find(({ to }) => to === 'k2');
    const { vault } = unlocked(page);
    const aad = keyAad(person, vault.device, vault.dataKey);
    expect(sealed?.key).toBe(vault.dataKey);
    expect(await openBox(box, sealed!.box, aad)).toHaveLength(32);
    expect(events.map(({ kind }) => kind)).toContain('key_needed');
  });

  it('sealed to the present one already: the session is asked once to vouch for the key, and once only', async () => {
    const { page, person, ward, doors } = await enrolled();
    await page.session.sendNow();
    doors.state.asked.length = 0;
    doors.state.vouched = 'of an earlier enrolment';
    ward.opensOnly = 'none, until the session vouches for it';
    const assist = await save(page, person);
    await page.session.sendNow();
    await expect.poll(() => doors.state.asked).toEqual(['/api/session/challenge', '/api/session']);
    await expect.poll(() => doors.state.vouched).toBe(unlocked(page).vault.keyMark);
    for (let again = 0; again < 3; again++) await page.session.sendNow();
    expect(doors.state.asked).toHaveLength(2);
    ward.opensOnly = null;
    await page.session.sendNow();
    const { db } = unlocked(page).phone;
    await expect.poll(async () => (await recordOf(db, 'assist', assist))?.pending).toBe(false);
  });

  it('locked: what waits is delivered all the same, and the next unlock seals it', async () => {
    const phone = await enrolled();
    const { page, person, ward } = phone;
    const { db } = unlocked(page).phone;
    phone.doors.state.offline = true;
    await save(page, person);
    await page.session.lock();
    await replaceDeliveryKey(phone);
    phone.doors.state.offline = false;
    expect(await page.session.sendNow()).toEqual({ is: 'sent', count: 1, left: 0 });
    expect(ward.requests.at(-1)?.keys.map(({ to }) => to)).toEqual(['k1']);
    expect(await page.session.unlock(PIN)).toEqual({ ok: true, value: null });
    await expect.poll(async () => (await db.strict.keys.toArray()).map(({ to }) => to)).toEqual(['k2']);
    await expect.poll(() => ward.requests.at(-1)?.keys.map(({ to }) => to)).toEqual(['k2']);
  });

  it('an entry under a key of former days keeps the envelope it has', async () => {
    const phone = await enrolled();
    const { page, person, ward } = phone;
    const { db } = unlocked(page).phone;
    phone.doors.state.offline = true;
    await save(page, person);
    await save(page, person);
    const [first] = await db.strict.outbox.orderBy('place').toArray();
    const former = { key: 'former', to: 'k1', box: 'BBBB' };
    await db.strict.outbox.update(first!.id, { key: 'former' });
    await db.strict.keys.put(former);
    await replaceDeliveryKey(phone);
    await db.strict.meta.put({ name: 'deliveryKey', value: ward.deliveryKey });
    await page.session.lock();
    await page.session.unlock(PIN);
    phone.doors.state.offline = false;
    ward.requests.length = 0;
    await page.session.sendNow();
    const sent = ward.requests.find(({ up }) => up.length > 0)!;
    expect(sent.up.map(({ key }) => key)).toEqual(['former', unlocked(page).vault.dataKey]);
    expect(sent.keys).toContainEqual(former);
    expect(sent.keys.map(({ to }) => to).sort()).toEqual(['k1', 'k2']);
    expect(await unsentCount(db)).toBe(0);
  });
});
