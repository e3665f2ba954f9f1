import { expect, test } from '@playwright/test';
import { invitationOf } from '../support/e2e/demo-people.ts';
import { newPhone, quickLog, type TestPhone, typePin } from '../support/e2e/phone.ts';
import { outboxState } from '../support/e2e/outbox-state.ts';
import { startWardServer, type WardServer } from '../support/ward-server.ts';

const PIN = '482615';

/** The product's first line, through all floors: real IndexedDB, PostgreSQL, a production build, https on a name. */
test.describe('I1 I2 I11 L3 A2 E1 a visit logged with no signal reaches the ward', () => {
  test.setTimeout(240_000);
  let ward: WardServer | undefined;
  let phone: TestPhone | undefined;

  test.beforeAll(async () => {
    test.setTimeout(240_000);
    ward = await startWardServer({ httpsName: 'ward.test' });
    phone = await newPhone(ward);
  });
  test.afterAll(async () => {
    await phone?.remove();
    if (ward !== undefined && ward.pid() > 0) process.kill(ward.pid(), 'SIGCONT');
    await ward?.remove();
  });

  test('enrolled by QR, logged offline, killed, delivered while locked, through a server that dies on the way', async () => {
    if (ward === undefined || phone === undefined) throw new Error('no ward, no phone');
    let page = phone.page();
    await page.goto(ward.origin);
    const code = await invitationOf(page, 'helper');
    await page.goto(`${ward.origin}/enrol#${code}`);
    await page.getByRole('heading', { name: 'Đặt PIN 6 số cho máy này' }).waitFor();
    await typePin(page, PIN);
    await page.getByText('Gõ lại PIN lần nữa').first().waitFor();
    await typePin(page, PIN);
    await page.waitForURL('**/today');
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));

    // No signal: the app starts from the phone alone and opens with the PIN.
    await phone.context().setOffline(true);
    await page.goto(`${ward.origin}/today`);
    await page.waitForURL('**/unlock**');
    await typePin(page, PIN);
    await page.waitForURL('**/today');
    await quickLog(page, /VNeID/);
    await page.getByRole('link', { name: 'Về Hôm nay' }).click();
    await expect(page.getByText('Còn 1 lượt chưa gửi').first()).toBeVisible();

    // The battery dies. Opened again, not unlocked, still no signal.
    await phone.kill();
    // The server stands still from here on: a browser may deliver as soon as it is started, with no page open.
    process.kill(ward.pid(), 'SIGSTOP');
    page = await phone.open(true);
    await page.goto(`${ward.origin}/today`);
    await page.waitForURL('**/unlock**');

    // The signal returns; a delivery is on its way when the server is killed -9, and it comes back.
    await phone.context().setOffline(false);
    await expect.poll(() => outboxState(page), { timeout: 60_000 }).toMatchObject({ sending: true });
    await ward.kill();
    await ward.start();

    // Delivered by itself, while the app is locked.
    await expect
      .poll(async () => (await outboxState(page)).phases, { timeout: 120_000 })
      .toEqual(['arrived']);
    expect(page.url()).toContain('/unlock');

    // Unlocked at last: said to have arrived, once.
    await typePin(page, PIN);
    await page.waitForURL('**/today');
    await expect(page.getByText('Đã về phường').first()).toBeVisible();
    await expect(page.getByText('Hôm nay đã ghi 1 lượt').first()).toBeVisible();
  });
});
