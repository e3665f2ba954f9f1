import { expect, type Locator, type Page, test } from '@playwright/test';
import { DEMO_PIN, enterDemo } from '../support/e2e/demo-phone.ts';
import { quickLog, typePin } from '../support/e2e/phone.ts';
import { wardAndPhones } from '../support/e2e/ward-and-phones.ts';
import { axeFaults } from './axe-faults.ts';
import { follow } from './tour/stop.ts';

const OTHER_PIN = '739150';
/** Tall, so that nothing is left out for lying under the bars. */
const TALL = { width: 360, height: 3200 };
const PHONE = { width: 360, height: 740 };

test.describe.serial('L1 L3 A1 A2 what people do on the field screens, on the production build', () => {
  const here = wardAndPhones();
  let page: Page;

  test.beforeAll(async () => {
    page = here.phone.page();
    await enterDemo(page, here.ward.origin, /^Tổ trưởng/);
  });

  test('L3 six taps, undo, once more, and the record is there', async () => {
    await quickLog(page, /Khai sinh/);
    await page.getByRole('button', { name: 'Hoàn tác' }).click();
    await page.waitForURL('**/today');
    await quickLog(page, /Khai sinh/);
    await page.getByRole('button', { name: 'Thêm một lượt giống vậy' }).click();
    await page.getByRole('link', { name: 'Về Hôm nay' }).click();
    await expect(page.getByText(/Hôm nay đã ghi \d+ lượt/)).toBeVisible();
    await page.locator('main a[href^="/records/"]', { hasText: 'Khai sinh' }).first().click();
    await page.waitForURL('**/records/*');
    await expect(page.getByRole('heading', { level: 1 })).toContainText('Khai sinh');
  });

  test('L3 an unfinished log survives the lock and goes on after the PIN', async () => {
    await follow(page, '/assist/quick');
    await page.getByRole('radio', { name: 'Mới hướng dẫn' }).click();
    await follow(page, '/me');
    await page.getByRole('button', { name: 'Khoá ngay' }).click();
    await page.waitForURL('**/unlock**');
    await typePin(page, DEMO_PIN);
    await page.waitForURL('**/me');
    await follow(page, '/today');
    await page.getByRole('link', { name: 'Ghi tiếp' }).click();
    await expect(page.getByText('Đây là lượt anh/chị đang ghi dở.')).toBeVisible();
    await expect(page.getByRole('radio', { name: 'Mới hướng dẫn' })).toBeChecked();
    await page.getByRole('button', { name: 'Ghi lượt mới' }).click();
    await expect(page.getByRole('radio', { name: 'Mới hướng dẫn' })).not.toBeChecked();
  });

  test('A2 a changed PIN opens the phone, the old one does not', async () => {
    await follow(page, '/me/pin');
    await typePin(page, DEMO_PIN);
    await page.getByText('PIN mới').waitFor();
    await typePin(page, OTHER_PIN);
    await page.getByText('Gõ lại PIN lần nữa').first().waitFor();
    await typePin(page, OTHER_PIN);
    await page.getByText('Đã đổi PIN').waitFor();
    await follow(page, '/me');
    await page.getByRole('button', { name: 'Khoá ngay' }).click();
    await page.waitForURL('**/unlock**');
    await typePin(page, DEMO_PIN);
    await page.getByText('PIN chưa đúng.').waitFor();
    await expect(page.getByText('Đợi 1 giây rồi thử lại.')).toHaveCount(0);
    expect(await axeFaults(page)).toEqual([]);
    await typePin(page, OTHER_PIN);
    await page.waitForURL('**/me');
  });

  test('A1 a team lead shows an invitation on the phone', async () => {
    await follow(page, '/me/team');
    await page.getByRole('button', { name: 'Mời nhận máy' }).first().click();
    await expect(page.getByText(`${here.ward.origin}/enrol`)).toBeVisible();
    await expect(page.locator('.code')).toHaveText(/^[2-9A-Z]{5} [2-9A-Z]{5}$/);
    await page.setViewportSize(TALL);
    expect(await axeFaults(page)).toEqual([]);
    await page.setViewportSize(PHONE);
  });

  test('L3 Ghi nhanh by keyboard alone on a wide screen', async () => {
    await follow(page, '/today');
    await page.setViewportSize({ width: 1440, height: 900 });
    const tabTo = async (wanted: Locator): Promise<void> => {
      for (let tabs = 0; tabs < 40; tabs++) {
        await page.keyboard.press('Tab');
        if (await wanted.evaluate((element) => element.contains(document.activeElement))) return;
      }
      throw new Error('the keyboard never got there');
    };
    await tabTo(page.getByRole('link', { name: 'Ghi nhanh' }));
    await page.keyboard.press('Enter');
    await page.waitForURL('**/assist/quick');
    await tabTo(page.getByRole('radiogroup', { name: 'Việc gì?' }));
    await page.keyboard.press('2');
    await expect(page.getByRole('radio', { name: /Khai sinh/ })).toBeChecked();
    await tabTo(page.getByRole('radiogroup', { name: 'Kết quả?' }));
    await page.keyboard.press('2');
    await tabTo(page.getByRole('radiogroup', { name: 'Ai thao tác?' }));
    await page.keyboard.press('1');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Đã lưu trên máy' }).waitFor();
    await page.setViewportSize(PHONE);
  });

  test('E3 axe sees a nameless button', async () => {
    await page.setViewportSize(TALL);
    await follow(page, '/today');
    await page.evaluate(() => document.querySelector('main')?.append(document.createElement('button')));
    expect((await axeFaults(page)).map((fault) => fault.split(':')[0])).toContain('button-name');
    await page.evaluate(() => document.querySelector('main > button:last-child')?.remove());
  });
});
