import { expect, test } from '@playwright/test';
import { enterDemo } from '../support/e2e/demo-phone.ts';
import { quickLog } from '../support/e2e/phone.ts';
import { wardAndPhones } from '../support/e2e/ward-and-phones.ts';
import { broughtByPhones } from '../support/e2e/ward-history.ts';

/** A bonus of Chromium's, never relied on: the other ways of delivery have tests of their own. */
test.describe('I2 Background Sync delivers with no page open', () => {
  const here = wardAndPhones();

  test('a record saved with no signal reaches the ward after its page was closed', async () => {
    const { ward, phone } = here;
    const page = phone.page();
    await enterDemo(page, ward.origin, /^Tổ viên/);
    await phone.context().setOffline(true);
    await quickLog(page, /VNeID/);
    // The browser stays, as on a phone; no page of the app does.
    const other = await phone.context().newPage();
    await page.close();
    expect(
      phone
        .context()
        .pages()
        .map((one) => one.url()),
    ).toEqual(['about:blank']);
    expect(await broughtByPhones(ward.dataDir)).toEqual([]);

    await phone.context().setOffline(false);
    await expect
      .poll(async () => (await broughtByPhones(ward.dataDir)).map(({ kind }) => kind))
      .toEqual(['assist.log']);
    expect(phone.context().pages()).toEqual([other]);
  });
});
