import { expect, test } from '@playwright/test';
import { appInstalled } from '../support/e2e/app-installed.ts';
import { DEMO_PIN, enterDemo } from '../support/e2e/demo-phone.ts';
import { openLeadersList } from '../support/e2e/leaders-list.ts';
import { lockNow, quickLog, typePin } from '../support/e2e/phone.ts';
import { outboxState } from '../support/e2e/outbox-state.ts';
import { wardAndPhones } from '../support/e2e/ward-and-phones.ts';

/** What a helper opens by taps from Hôm nay, and the heading it has. */
const SCREENS = [
  ['/records', /Hồ sơ/],
  ['/me', /Thêm/],
  ['/me/pin', /PIN/],
  ['/today', /Hôm nay|Chào/],
] as const;

/** The README's first minute, step by step, as somebody who has only the address. */
test.describe('L3 E1 I1 I11 D1 the first minute of a newcomer', () => {
  const here = wardAndPhones({ ward: { fresh: true }, phones: [{}, {}] });

  test('one tap, the README’s screens and a record with no signal, delivered locked, and the leader sees it', async () => {
    const { phone } = here;
    const desk = here.phones[1]!;
    const { origin } = here.ward;
    const page = phone.page();
    await page.goto(origin);
    await expect(page.getByText('DỮ LIỆU MẪU').first()).toBeVisible();
    await expect(page.getByText(DEMO_PIN).first()).toBeVisible();
    await enterDemo(page, origin, /^Tổ viên/);

    const list = await openLeadersList(desk.page(), origin);
    await expect(desk.page().getByText('DỮ LIỆU MẪU').first()).toBeVisible();

    await phone.context().setOffline(true);
    for (const [path, heading] of SCREENS) {
      await page.locator(`nav a[href="${path}"], main a[href="${path}"]`).first().click();
      await page.waitForURL(`**${path}`);
      await expect(page.getByRole('heading', { name: heading }).first()).toBeVisible();
      await expect(page.getByText('DỮ LIỆU MẪU').first()).toBeVisible();
    }
    await expect(page.getByText('Không có mạng').first()).toBeVisible();
    await quickLog(page, /VNeID/);
    await page.getByRole('link', { name: 'Về Hôm nay' }).click();
    await page.locator('main a[href="/outbox"]').first().click();
    await expect(page.getByRole('heading', { name: 'Chờ gửi' }).first()).toBeVisible();

    await lockNow(page);
    await expect(page.getByText(/Còn 1 lượt chưa gửi/)).toBeVisible();
    await expect(page.getByText('DỮ LIỆU MẪU').first()).toBeVisible();

    await phone.context().setOffline(false);
    const arrived = expect
      .poll(async () => (await outboxState(page)).phases, { intervals: [50] })
      .toEqual(['arrived'])
      .then(() => Date.now());
    const [delivered, shown] = await Promise.all([arrived, list.changed()]);
    process.stdout.write(
      `the leader sees it ${shown - delivered} ms after the phone knows that it has arrived\n`,
    );
    await expect(list.top).toContainText('VNeID');

    await typePin(page, DEMO_PIN);
    await page.locator('nav a[href="/today"]').click();
    await expect(page.getByText('Đã về phường').first()).toBeVisible();

    // Pages that the phone draws by itself and that are none of its screens, on a browser with somebody and with nobody.
    await appInstalled(desk.page());
    await phone.context().setOffline(true);
    const alone = [
      [page, '/khong-co', 'Không có trang này'],
      [page, '/filings', 'Chưa mở được trang này'],
      [desk.page(), '/me/khong-co', 'Không có trang này'],
    ] as const;
    for (const [one, path, title] of alone) {
      await one.goto(origin + path);
      await expect(one.getByRole('heading', { level: 1 })).toHaveText(title);
      await expect(one.getByText('DỮ LIỆU MẪU').first()).toBeVisible();
    }
  });
});
