import { expect, type Page, test } from '@playwright/test';
import { enterDemo } from '../support/e2e/demo-phone.ts';
import { outboxState } from '../support/e2e/outbox-state.ts';
import { beginQuickLog, lockNow, saveQuickLog } from '../support/e2e/phone.ts';
import { foundInProfile } from '../support/e2e/profile-search.ts';
import { storedText } from '../support/e2e/stored-text.ts';
import { wardAndPhones } from '../support/e2e/ward-and-phones.ts';

const NAME = 'Khuất Thị Mốc Xanh';
const PHONE = '0900000731';
const NOTE = 'ghi chú dấu vết 7731';
const DRAFT = 'bản dở dấu vết 4417';
const MARKERS = [NAME, 'Mốc Xanh', PHONE, NOTE, DRAFT];
/** Written in the open by the test itself: what is searched for is found when it is there. */
const PLANTED = 'trồng thử dấu vết 9090';

async function startLog(page: Page): Promise<void> {
  await beginQuickLog(page, /Khai sinh/);
  await page.getByText('Ghi thêm', { exact: true }).click();
}

async function logWithNames(page: Page): Promise<void> {
  await startLog(page);
  await page.getByRole('radio', { name: 'Mới hướng dẫn' }).click();
  await page.getByRole('radio', { name: 'Bà con', exact: true }).click();
  await page.getByRole('radio', { name: 'Tại nhà', exact: true }).click();
  await page.getByRole('radio', { name: 'Nói miệng' }).click();
  await page.getByLabel(/Tên bà con/).fill(NAME);
  await page.getByLabel(/Số điện thoại/).fill(PHONE);
  await page.getByLabel(/Ghi chú/).fill(NOTE);
  await saveQuickLog(page);
  await page.getByRole('link', { name: 'Về Hôm nay' }).click();
}

/** Puts the marker into storage as a careless version would. */
async function plantInTheOpen(page: Page, text: string): Promise<void> {
  await page.evaluate(async (value) => {
    const open = indexedDB.open('xks-careless', 1);
    open.onupgradeneeded = () => open.result.createObjectStore('kept');
    await new Promise((resolve) => (open.onsuccess = resolve));
    const write = open.result.transaction('kept', 'readwrite', { durability: 'strict' });
    write.objectStore('kept').put({ value }, 1);
    await new Promise((resolve) => (write.oncomplete = resolve));
    open.result.close();
  }, text);
}

test.describe('A2 R19 nothing of a resident lies in the open on a locked phone', () => {
  const here = wardAndPhones();

  test('names, numbers, notes and drafts: in no value that a page can read, in no file of the profile', async () => {
    const { ward, phone } = here;
    const page = phone.page();
    await enterDemo(page, ward.origin, /^Tổ viên/);
    await logWithNames(page);
    // Delivered and come down again: sealed in that form too. Searched for and read on its own page.
    await expect.poll(async () => (await outboxState(page)).phases).toEqual(['arrived']);
    await page.locator('main a[href^="/records/"]').first().click();
    await expect(page.getByText(NOTE)).toBeVisible();
    await page.locator('nav a[href="/records"]').click();
    await page.getByRole('searchbox').fill('Mốc Xanh');
    await expect(page.locator('main a[href^="/records/"]').first()).toBeVisible();
    await page.locator('nav a[href="/today"]').click();
    // A second one waits unsent, a third is left unfinished, and the phone is locked.
    await phone.context().setOffline(true);
    await logWithNames(page);
    await startLog(page);
    await page.getByLabel(/Ghi chú/).fill(DRAFT);
    await lockNow(page);

    await plantInTheOpen(page, PLANTED);
    const stored = await storedText(page);
    expect(stored).toContain(PLANTED);
    expect(MARKERS.filter((marker) => stored.includes(marker))).toEqual([]);
    expect((await page.content()).normalize('NFC')).not.toContain('Mốc Xanh');

    await phone.kill();
    expect(foundInProfile(phone.profile, [PLANTED]).length).toBeGreaterThan(0);
    expect(foundInProfile(phone.profile, MARKERS)).toEqual([]);
  });
});
