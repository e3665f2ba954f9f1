import { expect, type Locator, type Page, test } from '@playwright/test';
import { enrolDemo, unlockToday } from '../support/e2e/demo-phone.ts';
import { answerQuickLog, beginQuickLog, lockNow, quickLog, saveQuickLog } from '../support/e2e/phone.ts';
import { wardAndPhones } from '../support/e2e/ward-and-phones.ts';

const PIN = '482615';

/** The keystroke-level model: seconds a key or a tap takes, and those of a decision before one. */
const KEY = 0.28;
const DECISION = 1.35;
/** Việc gì, Kết quả, Ai thao tác, Ở đâu; and, before and after them, that it is to be logged and that it is right. */
const DECISIONS = 6;
const LIMIT = 15;

/** Presses of a finger, or of a key, from now on, counted by the page itself. */
async function count(page: Page, event: 'pointerdown' | 'keydown'): Promise<() => Promise<number>> {
  const presses = await page.evaluateHandle((name) => {
    const counted = { so: 0 };
    addEventListener(name, () => (counted.so += 1), { capture: true });
    return counted;
  }, event);
  return () => presses.evaluate(({ so }) => so);
}

/** What the model says of so many presses; printed, for the closing table. */
function seconds(how: string, presses: number): number {
  const figure = presses * KEY + DECISIONS * DECISION;
  process.stdout.write(
    `${how}: ${presses} presses, ${DECISIONS} decisions, ${figure.toFixed(1)} s of ${LIMIT}\n`,
  );
  return figure;
}

async function tabTo(page: Page, wanted: Locator): Promise<void> {
  for (let tabs = 0; tabs < 40; tabs++) {
    await page.keyboard.press('Tab');
    if (await wanted.evaluate((element) => element.contains(document.activeElement))) return;
  }
  throw new Error('the keyboard never got there');
}

test.describe.serial('L3 Ghi nhanh on the production build', () => {
  const here = wardAndPhones();
  test.beforeAll(() => enrolDemo(here.phone.page(), here.ward.origin, 'helper', PIN));

  test('L3 from Hôm nay to "Đã lưu trên máy" in at most six taps, the save included, and 15 s by the model; undone within ten seconds', async () => {
    const page = here.phone.page();
    const taps = await count(page, 'pointerdown');
    await quickLog(page, /Khai sinh/);
    expect(await taps()).toBeGreaterThan(0);
    expect(await taps()).toBeLessThanOrEqual(6);
    expect(seconds('Ghi nhanh by thumb', await taps())).toBeLessThanOrEqual(LIMIT);
    await page.getByRole('button', { name: 'Thêm một lượt giống vậy' }).click();
    expect(await taps()).toBeLessThanOrEqual(7);
    await page.getByRole('button', { name: 'Hoàn tác' }).click();
    await page.waitForURL('**/today');
    await expect(page.getByText('Hôm nay đã ghi 1 lượt')).toBeVisible();
  });

  test('L3 undoing is offered for ten seconds and no longer, and the record has its own way to be voided', async () => {
    const page = here.phone.page();
    const undo = page.getByRole('button', { name: 'Hoàn tác' });
    const now = () => page.evaluate(() => Date.now());
    // Put into a page that runs, the test's clock says 1970 for a moment: to the phone, all the time since has gone by.
    await page.goto('about:blank');
    await page.clock.install();
    await unlockToday(here.phone, here.ward.origin, PIN);
    await answerQuickLog(page, /Khai sinh/);
    // It was saved between these two moments of the phone's own clock.
    const before = await now();
    await saveQuickLog(page);
    const after = await now();
    await page.clock.pauseAt(before + 9_000);
    await expect(undo).toBeVisible();
    await page.clock.pauseAt(after + 10_000);
    await expect(undo).toHaveCount(0);
    await page.clock.resume();
    await page.getByRole('link', { name: 'Về Hôm nay' }).click();
    await page.locator('main a[href^="/records/"]', { hasText: 'Khai sinh' }).first().click();
    await expect(page.getByRole('button', { name: 'Huỷ lượt ghi' })).toBeVisible();
  });

  test('L3 by keyboard alone on a wide screen, in 15 s by the keystroke-level model', async () => {
    const page = here.phone.page();
    await page.locator('nav a[href="/today"]').click();
    await page.setViewportSize({ width: 1440, height: 900 });
    const keys = await count(page, 'keydown');
    await tabTo(page, page.getByRole('link', { name: 'Ghi nhanh' }));
    await page.keyboard.press('Enter');
    await page.waitForURL('**/assist/quick');
    await tabTo(page, page.getByRole('radiogroup', { name: 'Việc gì?' }));
    await page.keyboard.press('2');
    await tabTo(page, page.getByRole('radiogroup', { name: 'Kết quả?' }));
    await page.keyboard.press('2');
    await tabTo(page, page.getByRole('radiogroup', { name: 'Ai thao tác?' }));
    await page.keyboard.press('1');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Đã lưu trên máy' }).waitFor();
    expect(seconds('Ghi nhanh by keyboard', await keys())).toBeLessThanOrEqual(LIMIT);
    await page.setViewportSize({ width: 360, height: 740 });
    await page.getByRole('link', { name: 'Về Hôm nay' }).click();
  });

  test('I1 a form that was being filled in survives the death of the browser and the lock, bad input and all', async () => {
    const note = 'Bà con hỏi <script>alert(1)</script> & lệ phí 🙏 ở Đà Nẵng'.normalize('NFD');
    const { ward, phone } = here;
    let page = phone.page();
    await beginQuickLog(page, /VNeID/);
    await page.getByRole('radio', { name: 'Mới hướng dẫn' }).click();
    await page.getByText('Ghi thêm', { exact: true }).first().click();
    await page.getByLabel('Ghi chú').fill(note);
    await page.getByRole('radio', { name: 'Bà con', exact: true }).click();
    await expect
      .poll(() => page.evaluate(async () => (await indexedDB.databases()).length))
      .toBeGreaterThan(1);
    await phone.kill();
    await phone.open(false);
    page = await unlockToday(phone, ward.origin, PIN);
    await page.getByRole('link', { name: 'Ghi tiếp' }).click();
    await expect(page.getByText('Đây là lượt anh/chị đang ghi dở.')).toBeVisible();
    await expect(page.getByRole('radio', { name: 'Bà con', exact: true })).toBeChecked();
    await page.getByText('Ghi thêm', { exact: true }).first().click();
    await expect(page.getByLabel('Ghi chú')).toHaveValue(note);

    // A secret and far too long a text are said, and cost nothing that was typed.
    await page.getByLabel('Ghi chú').fill('OTP 482913 của cô, hẹn thứ hai');
    await expect(page.getByRole('button', { name: 'Xoá chỗ đó đi' })).toBeVisible();
    await page.getByRole('button', { name: 'Xoá chỗ đó đi' }).click();
    await expect(page.getByLabel('Ghi chú')).toHaveValue('OTP của cô, hẹn thứ hai');
    await page.getByLabel('Ghi chú').fill('a'.repeat(100_000));
    await page.getByRole('button', { name: 'Lưu', exact: true }).click();
    await expect(page.getByText('Chưa lưu được')).toBeVisible();
    expect((await page.getByLabel('Ghi chú').inputValue()).length).toBe(100_000);
    await page.getByLabel('Ghi chú').fill(note);
    await saveQuickLog(page);
    await page.getByRole('link', { name: 'Về Hôm nay' }).click();
    await page.locator('main a[href^="/records/"]', { hasText: 'VNeID' }).first().click();
    await expect(page.getByText(note.normalize('NFC')).first()).toBeVisible();
    await lockNow(page);
  });
});
