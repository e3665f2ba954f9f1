import { expect, test } from '@playwright/test';
import { enrolDemo } from '../support/e2e/demo-phone.ts';
import { openLeadersList } from '../support/e2e/leaders-list.ts';
import { quickLog } from '../support/e2e/phone.ts';
import { tabTo } from '../support/e2e/tab-to.ts';
import { wardAndPhones } from '../support/e2e/ward-and-phones.ts';
import { deskOf } from './tour/desk-deeds.ts';
import { tourKit } from './tour/stop.ts';

const PIN = '482615';
/** Sooner than the page asks by itself while the stream is down (15 seconds). */
const BY_THE_STREAM_MS = 10_000;

// Recording every step costs more than looking at the pages does.
test.use({ trace: 'off' });

const here = wardAndPhones({ phones: [{}, {}] });

test.describe('D1 the office sees a record arrive', () => {
  test('a leader’s open list grows by itself, and without a mouse the record is opened, and the people after it', async () => {
    const { origin } = here.ward;
    const office = here.phones[1]!.page();
    const list = await openLeadersList(office, origin);

    const page = here.phone.page();
    await enrolDemo(page, origin, 'helper', PIN);
    await quickLog(page, /VNeID/);
    await page.getByRole('link', { name: 'Về Hôm nay' }).click();
    await expect(page.getByText('Đã về phường').first()).toBeVisible();

    await list.changed(BY_THE_STREAM_MS);
    await expect(list.top).toContainText('VNeID');
    await tabTo(office, list.top);
    await office.keyboard.press('Enter');
    await office.waitForURL('**/assists/*');
    await expect(office.getByRole('heading', { name: 'Lịch sử' })).toBeVisible();
    await tabTo(office, office.getByRole('link', { name: 'Tổ và thiết bị' }).first());
    await office.keyboard.press('Enter');
    await office.waitForURL('**/teams');
  });
});

test('an observer reads plainly that no page is open yet', async ({ browser }) => {
  const kit = tourKit(browser, here.ward, 'vi');
  try {
    const page = await (await deskOf(kit, 'observer')).newPage();
    const answer = await page.goto(`${here.ward.origin}/welcome`);
    expect(answer?.status()).toBe(200);
    await expect(page.getByText('Chưa có trang nào cho vai này')).toBeVisible();
  } finally {
    await kit.close();
  }
});
