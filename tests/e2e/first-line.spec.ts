import { expect, test } from '@playwright/test';
import { appInstalled } from '../support/e2e/app-installed.ts';
import { enrolDemo, openLocked, unlockToday } from '../support/e2e/demo-phone.ts';
import { openLeadersList } from '../support/e2e/leaders-list.ts';
import { quickLog, typePin } from '../support/e2e/phone.ts';
import { outboxState } from '../support/e2e/outbox-state.ts';
import { wardAndPhones } from '../support/e2e/ward-and-phones.ts';

const PIN = '482615';

/** The product's first line, through all floors: real IndexedDB, PostgreSQL, a production build, https on a name. */
test.describe('I1 I2 I11 L3 A2 E1 a visit logged with no signal reaches the ward', () => {
  const here = wardAndPhones({ ward: { httpsName: 'ward.test' }, phones: [{}, {}] });
  // A test that broke off may have left it standing still, and then it would not hear that it is to stop.
  test.afterEach(() => void process.kill(here.ward.pid(), 'SIGCONT'));

  test('enrolled by QR, logged offline, killed, delivered while locked, through a server that dies on the way', async () => {
    const { ward, phone } = here;
    const office = here.phones[1]!.page();
    const desk = await openLeadersList(office, ward.origin);
    let page = phone.page();
    await enrolDemo(page, ward.origin, 'helper', PIN);
    await appInstalled(page);

    // No signal: the app starts from the phone alone and opens with the PIN.
    await phone.context().setOffline(true);
    await unlockToday(phone, ward.origin, PIN);
    await quickLog(page, /VNeID/);
    await page.getByRole('link', { name: 'Về Hôm nay' }).click();
    await expect(page.getByText('Còn 1 lượt chưa gửi').first()).toBeVisible();

    // The battery dies. Opened again, not unlocked, still no signal.
    await phone.kill();
    // The server stands still from here on: a browser may deliver as soon as it is started, with no page open.
    process.kill(ward.pid(), 'SIGSTOP');
    page = await phone.open(true);
    await openLocked(page, ward.origin);

    // The signal returns; a delivery is on its way when the server is killed -9, and it comes back.
    await phone.context().setOffline(false);
    await expect.poll(() => outboxState(page)).toMatchObject({ sending: true });
    await ward.kill();
    // Until the leader's page has missed the server: it goes on showing its list.
    await office.waitForRequest(/\/api\/entry|__data\.json/);
    await ward.start();

    // Delivered by itself, while the app is locked.
    await expect.poll(async () => (await outboxState(page)).phases).toEqual(['arrived']);
    expect(page.url()).toContain('/unlock');

    // The leader, whose page has outlived the server's death too, sees it there.
    await desk.changed();
    await expect(desk.top).toContainText('VNeID');

    // Unlocked at last: said to have arrived, once.
    await typePin(page, PIN);
    await page.waitForURL('**/today');
    await expect(page.getByText('Đã về phường').first()).toBeVisible();
    await expect(page.getByText('Hôm nay đã ghi 1 lượt').first()).toBeVisible();
  });
});
