import { expect, test } from '@playwright/test';
import { invitationOf } from '../support/e2e/demo-people.ts';
import { enrolDemo } from '../support/e2e/demo-phone.ts';
import { outboxState } from '../support/e2e/outbox-state.ts';
import { beginQuickLog, lockNow, saveQuickLog, setPin, typePin } from '../support/e2e/phone.ts';
import { wardAndPhones } from '../support/e2e/ward-and-phones.ts';

const LOST = '482615';
const NEXT = '739150';
/** A login page of a wireless network, as long as they come. */
const PORTAL = `<!doctype html><title>Wi-Fi</title>${'<p>Đăng nhập để dùng mạng.</p>'.repeat(20_000)}`;

test.describe('A2 I1 I11 lost PIN: the same QR again, and nothing unsent is lost', () => {
  const here = wardAndPhones({ phones: [{ serviceWorkers: 'block' }] });

  test('a new code and a new PIN open what was sealed under the old one; "Gửi ngay" says what came of it', async () => {
    const { ward, phone } = here;
    const page = phone.page();
    const network = { answer: 'portal' as 'portal' | 'busy' | 'open' };
    await page.route('**/api/sync', (route) => {
      if (network.answer === 'open') return route.continue();
      return network.answer === 'portal'
        ? route.fulfill({ contentType: 'text/html; charset=utf-8', body: PORTAL })
        : route.fulfill({ status: 503, headers: { 'retry-after': '600' }, body: '' });
    });
    await enrolDemo(page, ward.origin, 'helper', LOST);

    await beginQuickLog(page, /Khai sinh/);
    await page.getByRole('radio', { name: 'Mới hướng dẫn' }).click();
    await page.getByRole('radio', { name: 'Bà con', exact: true }).click();
    await page.getByText('Ghi thêm', { exact: true }).first().click();
    await page.getByLabel('Ghi chú').fill('Hẹn cô chú thứ hai quay lại.');
    await saveQuickLog(page);

    // A portal answers for the ward: said so, everything stays.
    await page.goto(`${ward.origin}/outbox`);
    await page.waitForURL('**/unlock**');
    await typePin(page, LOST);
    await page.waitForURL('**/outbox');
    await page.getByRole('button', { name: 'Gửi ngay' }).click();
    await expect(page.getByText(/Mạng này bắt đăng nhập trước/).first()).toBeVisible();
    expect((await outboxState(page)).phases).toEqual(['unsent']);

    // The PIN is forgotten; the team lead's QR once more.
    await lockNow(page);
    await page.getByRole('link', { name: 'Quên PIN' }).click();
    await page.getByLabel('Mã mời').fill(await invitationOf(page, 'helper'));
    await page.getByRole('button', { name: 'Tiếp tục' }).click();
    await expect(page.getByText(/Các lượt chưa gửi vẫn còn nguyên/).first()).toBeVisible();
    await setPin(page, NEXT);
    await expect(page.getByText('Còn 1 lượt chưa gửi').first()).toBeVisible();

    // The note that was sealed under the lost PIN is readable under the new one.
    await page.locator('main a[href^="/records/"]', { hasText: 'Khai sinh' }).first().click();
    await expect(page.getByText('Hẹn cô chú thứ hai quay lại.').first()).toBeVisible();

    // The ward asks to be left alone for ten minutes; then it is there again, and "Gửi ngay" does not wait.
    network.answer = 'busy';
    await page.locator('nav a[href="/today"]').click();
    await page.locator('main a[href="/outbox"]').first().click();
    const send = page.getByRole('button', { name: 'Gửi ngay' });
    await send.click();
    await expect(page.getByText(/chưa tới được máy chủ/).first()).toBeVisible();
    // The phone tries by itself too: the network comes back when this attempt is over, and not before.
    await expect(send).toBeEnabled();
    network.answer = 'open';
    await send.click();
    await expect(page.getByText('Đã gửi 1 lượt.')).toBeVisible();
    expect((await outboxState(page)).phases).toEqual(['arrived']);

    // The old PIN opens nothing any more.
    await lockNow(page);
    await typePin(page, LOST);
    await page.getByText('PIN chưa đúng.').waitFor();
    await expect(page.getByText(/Đợi \d+ giây/)).toHaveCount(0);
    await typePin(page, NEXT);
    await page.waitForURL(/\/(today|me)$/);
  });
});
