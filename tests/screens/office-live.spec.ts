import { type Browser, type BrowserContext, expect, type Page, test } from '@playwright/test';
import type { Role } from '../../src/lib/domain/people/roles.ts';
import { entryAnswerSchema } from '../../src/lib/protocol/enrol.ts';
import { enrolDemo } from '../support/e2e/demo-phone.ts';
import { quickLog } from '../support/e2e/phone.ts';
import { wardAndPhones } from '../support/e2e/ward-and-phones.ts';

const PIN = '482615';
const DESK = { width: 1440, height: 900 };

// Recording every step costs more than looking at the pages does.
test.use({ trace: 'off' });

const here = wardAndPhones();

/** A browser of the ward's office, in which the demo person of that role is signed in. */
async function desk(browser: Browser, role: Role): Promise<BrowserContext> {
  const context = await browser.newContext({ viewport: DESK, reducedMotion: 'reduce' });
  const entry = entryAnswerSchema.parse(
    await (await context.request.get(`${here.ward.origin}/api/entry`)).json(),
  );
  const person = entry.demo?.people.find((one) => one.role === role)?.person;
  const entered = await context.request.post(`${here.ward.origin}/api/demo/enter`, {
    data: { person },
    headers: { origin: here.ward.origin },
  });
  expect(entered.ok()).toBe(true);
  return context;
}

const open = (page: Page, path: string) => page.goto(here.ward.origin + path);
const firstLink = (page: Page, start: string) =>
  page.locator(`main a[href^="${start}"]`).first().getAttribute('href');

test.describe('D1 the office sees a record arrive', () => {
  test.setTimeout(120_000);
  test('a leader’s open list grows by itself, and a press of Enter opens the record', async ({ browser }) => {
    const office = await desk(browser, 'ward_leader');
    const list = await office.newPage();
    await open(list, '/filings');
    await list.getByText('Đang tự cập nhật').waitFor();
    const before = await firstLink(list, '/assists/');
    await list.evaluate(() => document.body.setAttribute('data-not-reloaded', ''));

    const page = here.phone.page();
    await enrolDemo(page, here.ward.origin, 'helper', PIN);
    await quickLog(page, /VNeID/);
    await page.getByRole('link', { name: 'Về Hôm nay' }).click();
    await expect(page.getByText('Đã về phường').first()).toBeVisible({ timeout: 30_000 });

    // Sooner than the page asks by itself while the stream is down (15 seconds).
    await expect.poll(() => firstLink(list, '/assists/'), { timeout: 10_000 }).not.toBe(before);
    await expect(list.locator('body')).toHaveAttribute('data-not-reloaded', '');
    const arrived = list.locator('main a[href^="/assists/"]').first();
    await expect(arrived).toContainText('VNeID');
    await arrived.focus();
    await list.keyboard.press('Enter');
    await list.waitForURL('**/assists/*');
    await expect(list.getByRole('heading', { name: 'Lịch sử' })).toBeVisible();
    await office.close();
  });
});

test('an observer reads plainly that no page is open yet', async ({ browser }) => {
  const context = await desk(browser, 'observer');
  const page = await context.newPage();
  const answer = await open(page, '/welcome');
  expect(answer?.status()).toBe(200);
  await expect(page.getByText('Chưa có trang nào cho vai này')).toBeVisible();
  await context.close();
});
