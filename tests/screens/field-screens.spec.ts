import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Locator, type Page, test } from '@playwright/test';
import { newPhone, quickLog, type TestPhone, typePin } from '../support/e2e/phone.ts';
import { startWardServer, type WardServer } from '../support/ward-server.ts';

const DEMO_PIN = '246813';
const OTHER_PIN = '739150';
const LOOKS = (['light', 'dark', 'sun'] as const).flatMap((theme) =>
  (['vi', 'en'] as const).map((locale) => ({ theme, locale })),
);

/** Tall, so that nothing is left out for lying under the bars. */
const TALL = { width: 360, height: 3200 };
const PHONE = { width: 360, height: 740 };

/** Puts on a look through the settings themselves, from wherever the phone is. */
async function wear(page: Page, { theme, locale }: (typeof LOOKS)[number]): Promise<void> {
  await page.locator('nav a[href="/me"]').click();
  await page.waitForURL('**/me');
  await page.locator(`input[value="${theme}"]`).check({ force: true });
  await page.locator(`input[value="${locale}"]`).check({ force: true });
  await expect(page.locator('html')).toHaveAttribute('lang', locale);
}

async function faults(page: Page): Promise<readonly string[]> {
  await page.evaluate(() => document.fonts.ready);
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`));
}

/** What runs off the screen sideways. */
function tooWide(page: Page): Promise<readonly string[]> {
  return page.evaluate(() =>
    Array.from(document.querySelectorAll('body *'))
      .filter((element) => element.getBoundingClientRect().right > innerWidth + 1)
      .filter((element) => element.closest('.heard-only, .skip, #svelte-announcer') === null)
      .map((element) => element.outerHTML.slice(0, 120)),
  );
}

/** Goes on inside the app, as a tap does: the phone stays unlocked. */
async function follow(page: Page, path: string): Promise<void> {
  await page.evaluate((href) => {
    const link = Object.assign(document.createElement('a'), { href });
    document.body.append(link);
    link.click();
    link.remove();
  }, path);
  await page.waitForURL((url) => url.pathname + url.search === path);
  await expect(page.locator('h1')).toBeVisible();
  await expect(page.locator('.loading')).toHaveCount(0);
}

test.describe.serial('E3 L1 L2 L3 the field screens, on the production build', () => {
  let ward: WardServer;
  let phone: TestPhone;
  let page: Page;
  let record: string;

  const screens = (): readonly string[] => [
    '/today',
    '/assist/quick',
    '/records',
    record,
    `${record}/edit`,
    '/outbox',
    '/procedures',
    '/procedures/vneid',
    '/me',
    '/me/pin',
    '/me/team',
    '/enrol',
  ];

  test.beforeAll(async () => {
    ward = await startWardServer();
    phone = await newPhone(ward);
    page = phone.page();
    await page.goto(ward.origin);
    await page.getByRole('button', { name: /^Tổ trưởng/ }).click();
    await page.waitForURL('**/today');
  });
  test.afterAll(async () => {
    await phone.remove();
    await ward.remove();
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
    record = new URL(page.url()).pathname;
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
    await page.getByText('Đặt PIN 6 số cho máy này').waitFor();
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
    expect(await faults(page)).toEqual([]);
    await typePin(page, OTHER_PIN);
    await page.waitForURL('**/me');
  });

  test('A1 a team lead shows an invitation on the phone', async () => {
    await follow(page, '/me/team');
    await page.getByRole('button', { name: 'Mời nhận máy' }).first().click();
    await expect(page.getByText(`${ward.origin}/enrol`)).toBeVisible();
    await expect(page.locator('.code')).toHaveText(/^[2-9A-Z]{5} [2-9A-Z]{5}$/);
    await page.setViewportSize(TALL);
    expect(await faults(page)).toEqual([]);
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
    expect((await faults(page)).map((fault) => fault.split(':')[0])).toContain('button-name');
    await page.evaluate(() => document.querySelector('main > button:last-child')?.remove());
  });

  for (const look of LOOKS) {
    test(`E3 axe finds nothing in ${look.theme}, ${look.locale}`, async () => {
      await page.setViewportSize(TALL);
      await wear(page, look);
      for (const screen of screens()) {
        await follow(page, screen);
        expect.soft(await faults(page), screen).toEqual([]);
      }
      await follow(page, '/me');
    });
  }

  test('E3 nothing runs off a 320 px screen with text at 200 %', async () => {
    await page.setViewportSize({ width: 320, height: 740 });
    await page.evaluate(() => document.documentElement.style.setProperty('font-size', '200%'));
    for (const screen of screens()) {
      await follow(page, screen);
      expect.soft(await tooWide(page), screen).toEqual([]);
    }
  });
});
