import { cpSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { enterDemo, unlockToday } from '../support/e2e/demo-phone.ts';
import { outboxState } from '../support/e2e/outbox-state.ts';
import { quickLog } from '../support/e2e/phone.ts';
import { broughtByPhones } from '../support/e2e/ward-history.ts';
import { wardAndPhones } from '../support/e2e/ward-and-phones.ts';

async function logAndReturn(page: Page): Promise<void> {
  await quickLog(page, /VNeID/);
  await page.getByRole('link', { name: 'Về Hôm nay' }).click();
}

const phases = async (page: Page) => (await outboxState(page)).phases;

test.describe('I2 E1 emptied and copied phones', () => {
  const here = wardAndPhones({ anew: 'test' });

  test('R17 an emptied phone says so, and goes on as a new replica: nothing twice, nothing skipped', async () => {
    const { ward, phone: emptied } = here;
    const page = emptied.page();
    await enterDemo(page, ward.origin, /^Tổ viên/);
    await logAndReturn(page);
    await logAndReturn(page);
    await expect.poll(() => phases(page)).toEqual(['arrived', 'arrived']);

    // The browser throws away what scripts stored; cookies go another way.
    await page.goto('about:blank');
    const session = await emptied.context().newCDPSession(page);
    const storageTypes = 'indexeddb,local_storage,file_systems';
    await session.send('Storage.clearDataForOrigin', { origin: ward.origin, storageTypes });
    await page.goto(ward.origin);
    await expect(page.getByText('Trình duyệt đã xoá dữ liệu trên máy')).toBeVisible();
    await expect(page.getByText('Máy chủ nhận được đến lượt thứ 2 của máy này.')).toBeVisible();

    await enterDemo(page, ward.origin, /^Tổ viên/);
    await expect(page.getByText('Trình duyệt đã xoá dữ liệu trên máy')).toHaveCount(0);
    await expect(page.getByText('Hôm nay đã ghi 2 lượt').first()).toBeVisible();
    await logAndReturn(page);
    await expect.poll(() => phases(page)).toEqual(['arrived']);
    await expect(page.getByText('Hôm nay đã ghi 3 lượt').first()).toBeVisible();
    const brought = await broughtByPhones(ward.dataDir);
    expect(brought.map(({ seq }) => seq)).toEqual([1, 2, 1]);
    expect(new Set(brought.map(({ replica }) => replica)).size).toBe(2);
    expect(new Set(brought.map(({ id }) => id)).size).toBe(3);
  });

  test('a copied phone forks: what both hold arrives once, and what each adds arrives once', async () => {
    const { ward, phone: first } = here;
    const page = first.page();
    await enterDemo(page, ward.origin, /^Tổ viên/);
    await logAndReturn(page);
    await expect.poll(() => phases(page)).toEqual(['arrived']);
    await first.context().setOffline(true);
    await logAndReturn(page);
    await first.kill();
    const profile = mkdtempSync(join(tmpdir(), 'xks-phone-copy-'));
    // All but the marks by which a running browser keeps a second one out of its profile.
    const filter = (file: string): boolean => !basename(file).startsWith('Singleton');
    cpSync(first.profile, profile, { recursive: true, filter });

    // Each saves one more with no signal, under the same replica and the same seq.
    await first.open(true);
    const second = await here.addPhone({ profile });
    await second.context().setOffline(true);
    const pages = [await unlockToday(first, ward.origin), await unlockToday(second, ward.origin)] as const;
    for (const one of pages) await logAndReturn(one);
    await first.context().setOffline(false);
    await expect.poll(() => phases(pages[0])).toEqual(Array(3).fill('arrived'));
    await second.context().setOffline(false);
    await expect.poll(() => phases(pages[1])).toEqual(Array(3).fill('arrived'));

    const brought = await broughtByPhones(ward.dataDir);
    expect(brought).toHaveLength(4);
    expect(new Set(brought.map(({ id }) => id)).size).toBe(4);
    expect(new Set(brought.map(({ replica }) => replica)).size).toBe(2);
    for (const one of pages) {
      await one.evaluate(() => dispatchEvent(new Event('online')));
      await expect(one.getByText('Hôm nay đã ghi 4 lượt').first()).toBeVisible();
    }
  });
});
