import { expect, test } from '@playwright/test';
import { invitationOf } from '../support/e2e/demo-people.ts';
import { newPhone, type TestPhone, typePin } from '../support/e2e/phone.ts';
import { startWardServer, type WardServer } from '../support/ward-server.ts';

const PIN = '482615';

test.describe('A2 a phone whose camera is refused, or that has none', () => {
  let ward: WardServer;
  let phone: TestPhone | undefined;
  test.beforeAll(async () => {
    ward = await startWardServer();
  });
  test.afterEach(async () => {
    await phone?.remove();
  });
  test.afterAll(() => ward.remove());

  const ways = [
    ['refused', ['--use-fake-device-for-media-stream', '--deny-permission-prompts'], /chưa cho dùng máy ảnh/],
    ['not there', [], /không có máy ảnh/],
  ] as const;
  for (const [what, args, words] of ways) {
    test(`camera ${what}: said in plain words, and the typed code enrols all the same`, async () => {
      phone = await newPhone(ward, { args });
      const page = phone.page();
      await page.goto(ward.origin);
      const code = await invitationOf(page, 'helper');
      await page.goto(`${ward.origin}/enrol`);
      await page.getByRole('button', { name: 'Quét mã bằng máy ảnh' }).click();
      await expect(page.getByText(words)).toBeVisible();
      // As somebody types it: small letters, in two groups.
      await page.getByLabel('Mã mời').fill(`${code.slice(0, 5)} ${code.slice(5)}`.toLowerCase());
      await page.getByRole('button', { name: 'Tiếp tục' }).click();
      await page.getByRole('heading', { name: 'Đặt PIN 6 số cho máy này' }).waitFor();
      await typePin(page, PIN);
      await page.getByText('Gõ lại PIN lần nữa').first().waitFor();
      await typePin(page, PIN);
      await page.waitForURL('**/today');
    });
  }
});
