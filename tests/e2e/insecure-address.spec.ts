import { expect, type Page, test } from '@playwright/test';
import { axeFaults } from '../screens/axe-faults.ts';
import { wardAndPhones } from '../support/e2e/ward-and-phones.ts';

const TITLE = 'Địa chỉ này chưa an toàn';
const WHY = /Trình duyệt chỉ cho lưu trên máy khi địa chỉ có ổ khoá ở đầu/;
const WHAT_TO_DO = /hỏi người quản trị địa chỉ đúng/;
/** Headers that Chromium itself sets aside on such an address; none of them is the app's failing. */
const SET_ASIDE = /^The Cross-Origin-Opener-Policy header has been ignored/;

async function saysSo(page: Page): Promise<void> {
  await expect(page.getByText(TITLE).first()).toBeVisible();
  await expect(page.getByText(WHY).first()).toBeVisible();
  await expect(page.getByText(WHAT_TO_DO).first()).toBeVisible();
}

test.describe('A2 an address that browsers do not trust: http on a name of the ward', () => {
  const here = wardAndPhones({ ward: { httpName: 'ward.lan' } });
  const thrown: string[] = [];
  test.beforeAll(() => {
    const page = here.phone.page();
    page.on('pageerror', (error) => thrown.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error' && !SET_ASIDE.test(message.text())) thrown.push(message.text());
    });
  });
  test.afterEach(() => {
    expect(thrown.splice(0)).toEqual([]);
  });

  test('it is such an address: no service worker, no crypto', async () => {
    const page = here.phone.page();
    await page.goto(here.ward.origin);
    const has = await page.evaluate(() => ({
      worker: 'serviceWorker' in navigator,
      crypto: (globalThis.crypto as Partial<Crypto>).subtle !== undefined,
    }));
    expect(has).toEqual({ worker: false, crypto: false });
  });

  test('every way in says what is wrong and what to do, and axe finds nothing', async () => {
    const page = here.phone.page();
    for (const path of [
      '/',
      '/enrol',
      '/enrol#2222233333',
      '/today',
      '/assist/quick',
      '/outbox',
      '/unlock',
    ]) {
      await page.goto('about:blank');
      await page.goto(`${here.ward.origin}${path}`);
      await saysSo(page);
      await expect(page.getByLabel('Mã mời'), path).toHaveCount(0);
      expect(await axeFaults(page), path).toEqual([]);
    }
    await page.goto(here.ward.origin);
    await page.getByRole('link', { name: 'Tôi có mã mời' }).click();
    await page.waitForURL('**/enrol');
    await saysSo(page);
  });

  test('nobody is led into a phone that could keep nothing; the office, which keeps nothing, opens', async () => {
    const page = here.phone.page();
    await page.goto(here.ward.origin);
    await expect(page.getByRole('button', { name: /^Lãnh đạo/ })).toBeVisible();
    for (const role of [/^Tổ viên/, /^Tổ trưởng/])
      await expect(page.getByRole('button', { name: role })).toHaveCount(0);
    await page.getByRole('button', { name: /^Lãnh đạo/ }).click();
    await page.waitForURL('**/filings');
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  });
});
