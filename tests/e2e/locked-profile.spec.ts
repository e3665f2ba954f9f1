import { expect, type Page, test } from '@playwright/test';
import { enterDemo } from '../support/e2e/demo-phone.ts';
import { outboxState } from '../support/e2e/outbox-state.ts';
import { newPhone, type TestPhone } from '../support/e2e/phone.ts';
import { foundInProfile } from '../support/e2e/profile-search.ts';
import { storedText } from '../support/e2e/stored-text.ts';
import { startWardServer, type WardServer } from '../support/ward-server.ts';

const NAME = 'Khuất Thị Mốc Xanh';
const PHONE = '0900000731';
const NOTE = 'ghi chú dấu vết 7731';
const DRAFT = 'bản dở dấu vết 4417';
const MARKERS = [NAME, 'Mốc Xanh', PHONE, NOTE, DRAFT];
/** Written in the open by the test itself: what is searched for is found when it is there. */
const PLANTED = 'trồng thử dấu vết 9090';

async function startLog(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Ghi nhanh' }).click();
  await page
    .getByRole('radio', { name: /Khai sinh/ })
    .first()
    .click();
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
  await page.getByRole('button', { name: 'Lưu', exact: true }).click();
  await page.getByRole('heading', { name: 'Đã lưu trên máy' }).waitFor();
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
  let ward: WardServer;
  let phone: TestPhone;
  test.beforeAll(async () => {
    ward = await startWardServer();
    phone = await newPhone(ward);
  });
  test.afterAll(async () => {
    await phone.remove();
    await ward.remove();
  });

  test('names, numbers, notes and drafts: in no value that a page can read, in no file of the profile', async () => {
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
    await page.locator('nav a[href="/me"]').click();
    await page.getByRole('button', { name: 'Khoá ngay' }).click();
    await page.waitForURL('**/unlock**');

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
