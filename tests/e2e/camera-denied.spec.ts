import { expect, test } from '@playwright/test';
import { invitationOf } from '../support/e2e/demo-people.ts';
import { setPin } from '../support/e2e/phone.ts';
import { wardAndPhones } from '../support/e2e/ward-and-phones.ts';

const PIN = '482615';

test.describe('A2 a phone whose camera is refused, or that has none', () => {
  const here = wardAndPhones({ phones: [] });

  const ways = [
    ['refused', ['--use-fake-device-for-media-stream', '--deny-permission-prompts'], /chưa cho dùng máy ảnh/],
    ['not there', [], /không có máy ảnh/],
  ] as const;
  for (const [what, args, words] of ways) {
    test(`camera ${what}: said in plain words, and the typed code enrols all the same`, async () => {
      const { ward } = here;
      const page = (await here.addPhone({ args })).page();
      await page.goto(ward.origin);
      const code = await invitationOf(page, 'helper');
      await page.goto(`${ward.origin}/enrol`);
      await page.getByRole('button', { name: 'Quét mã bằng máy ảnh' }).click();
      await expect(page.getByText(words)).toBeVisible();
      // As somebody types it: small letters, in two groups.
      await page.getByLabel('Mã mời').fill(`${code.slice(0, 5)} ${code.slice(5)}`.toLowerCase());
      await page.getByRole('button', { name: 'Tiếp tục' }).click();
      await setPin(page, PIN);
    });
  }
});
