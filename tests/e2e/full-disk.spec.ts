import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { enterDemo, unlockToday } from '../support/e2e/demo-phone.ts';
import { outboxState } from '../support/e2e/outbox-state.ts';
import { answerQuickLog } from '../support/e2e/phone.ts';
import { makeSmallDisk, type SmallDisk } from '../support/e2e/small-disk.ts';
import { wardAndPhones } from '../support/e2e/ward-and-phones.ts';

/** Of a smaller disk, the app's own storage is so large a part that Chromium throws it away to make room. */
const MEGABYTES = 600;

/** Presses save and waits for what the screen says. */
async function save(page: Page): Promise<'saved' | 'not saved'> {
  const saved = page.getByRole('heading', { name: 'Đã lưu trên máy' });
  const failed = page.getByText('Chưa lưu được');
  await page.getByRole('button', { name: 'Lưu', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Đang lưu…' })).toHaveCount(0);
  await saved.or(failed).first().waitFor();
  return (await saved.isVisible()) ? 'saved' : 'not saved';
}

test.describe('I1 R1b a disk that is full to its last byte', () => {
  let mounted: SmallDisk | null = null;
  test.beforeAll(() => {
    const made = makeSmallDisk(MEGABYTES);
    if (typeof made === 'string') test.skip(true, made);
    else mounted = made;
  });
  const here = wardAndPhones({ phones: [] });
  // After the phone, whose profile lies on it.
  test.afterAll(() => mounted?.remove());

  test('a save that is not kept says so and leaves the form; with room again it is kept; nothing is half-written', async () => {
    if (mounted === null) throw new Error('there is no disk');
    const disk: SmallDisk = mounted;
    const { ward } = here;
    const phone = await here.addPhone({ profile: join(disk.path, 'profile') });
    const page = phone.page();
    await enterDemo(page, ward.origin, /^Tổ viên/);
    await phone.context().setOffline(true);

    // What room is left inside its files may carry the first ones: each that is called saved has to be there in the end.
    let acknowledged = 0;
    disk.fill();
    await answerQuickLog(page, /Khai sinh/);
    for (let tries = 0; (await save(page)) === 'saved'; tries++) {
      acknowledged += 1;
      expect(tries, 'the disk was never full').toBeLessThan(20);
      disk.fill();
      await page.getByRole('link', { name: 'Về Hôm nay' }).click();
      await answerQuickLog(page, /Khai sinh/);
    }
    // What the browser tells first, a full disk or storage that broke off, is its own; either way it is said plainly.
    await expect(page.getByText(/Máy đã đầy bộ nhớ|Trình duyệt vừa ngắt kho dữ liệu/)).toBeVisible();
    for (const answer of [/Khai sinh/, 'Mới hướng dẫn', 'Bà con', 'Tại nhà'])
      await expect(page.getByRole('radio', { name: answer, exact: true }).first()).toBeChecked();
    expect(await save(page)).toBe('not saved');

    disk.empty();
    expect(await save(page)).toBe('saved');
    acknowledged += 1;

    await phone.kill();
    const again = await phone.open(true);
    await again.goto(`${ward.origin}/today`);
    expect((await outboxState(again)).phases).toHaveLength(acknowledged);
    await unlockToday(phone, ward.origin);
    await expect(again.getByText(`Hôm nay đã ghi ${acknowledged} lượt`).first()).toBeVisible();
    await phone.context().setOffline(false);
    await expect
      .poll(async () => (await outboxState(again)).phases)
      .toEqual(Array(acknowledged).fill('arrived'));
  });
});
