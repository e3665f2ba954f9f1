import { expect, type Page, test } from '@playwright/test';
import { bundleFor } from '../drills/bundle.ts';
import { DEMO_PIN, enterDemo } from '../support/e2e/demo-phone.ts';
import { outboxState } from '../support/e2e/outbox-state.ts';
import { quickLog, saveQuickLog, typePin } from '../support/e2e/phone.ts';
import { startWardProxy, type WardProxy } from '../support/e2e/ward-proxy.ts';
import { wardAndPhones } from '../support/e2e/ward-and-phones.ts';
import { broughtByPhones } from '../support/e2e/ward-history.ts';

const WAITING = 200;

const workers = (page: Page) =>
  page.evaluate(async () => {
    const registration = await navigator.serviceWorker.getRegistration();
    return { waiting: registration?.waiting?.state ?? null, active: registration?.active?.state ?? null };
  });
const caches = (page: Page) => page.evaluate(() => globalThis.caches.keys());

test.describe('I1 I2 R9 E1 an update with a full outbox', () => {
  let proxy: WardProxy;
  test.beforeAll(async () => {
    proxy = await startWardProxy();
  });
  const here = wardAndPhones({ ward: () => ({ env: { ORIGIN: proxy.origin } }) });
  test.afterAll(() => proxy.close());

  test('is offered, not taken while a form is open, and after it every record is delivered once', async () => {
    const { ward, phone } = here;
    const page = phone.page();
    proxy.target = ward.port;
    await enterDemo(page, proxy.origin, /^Tổ viên/);
    proxy.deliveriesCut = true;
    await quickLog(page, /VNeID/);
    await page.getByRole('link', { name: 'Về Hôm nay' }).click();
    // The rest is saved by the same command as that form's, without its six taps each.
    await page.evaluate(await bundleFor('fill-outbox.ts'));
    await page.evaluate((count) => globalThis.fillOutbox(count), WAITING - 1);
    await expect(page.getByText(`Còn ${WAITING} lượt chưa gửi`).first()).toBeVisible();

    const [old] = await caches(page);
    proxy.release('the-next-release');
    await page.evaluate(async () => {
      await (await navigator.serviceWorker.ready).update();
    });
    await expect(page.getByText('Có bản mới')).toBeVisible();
    expect(await workers(page)).toEqual({ waiting: 'installed', active: 'activated' });

    await page.getByRole('link', { name: 'Ghi nhanh' }).click();
    await page.getByRole('radio', { name: 'Mới hướng dẫn' }).click();
    await page.getByRole('button', { name: 'Cập nhật' }).click();
    await expect(page.getByText('Anh/chị ghi xong lượt này rồi hãy cập nhật.')).toBeVisible();
    expect(await workers(page)).toEqual({ waiting: 'installed', active: 'activated' });
    await expect(page.getByRole('radio', { name: 'Mới hướng dẫn' })).toBeChecked();
    await page
      .getByRole('radio', { name: /Khai sinh/ })
      .first()
      .click();
    await page.getByRole('radio', { name: 'Bà con', exact: true }).click();
    await saveQuickLog(page);

    await page.getByRole('button', { name: 'Cập nhật' }).click();
    await page.waitForURL('**/unlock**');
    expect(await workers(page)).toEqual({ waiting: null, active: 'activated' });
    expect((await caches(page)).some((name) => name !== old)).toBe(true);
    expect((await outboxState(page)).phases).toEqual(Array(WAITING + 1).fill('unsent'));
    expect(await broughtByPhones(ward.dataDir)).toEqual([]);

    // The signal returns; nobody unlocks.
    proxy.deliveriesCut = false;
    await page.evaluate(() => dispatchEvent(new Event('online')));
    await expect.poll(async () => [...new Set((await outboxState(page)).phases)]).toEqual(['arrived']);
    const brought = await broughtByPhones(ward.dataDir);
    expect(brought.map(({ seq }) => seq)).toEqual(Array.from({ length: WAITING + 1 }, (_, at) => at + 1));
    expect(new Set(brought.map(({ id }) => id)).size).toBe(WAITING + 1);
    await typePin(page, DEMO_PIN);
    await page.getByRole('link', { name: 'Hôm nay' }).click();
    await expect(page.getByText(`Hôm nay đã ghi ${WAITING + 1} lượt`).first()).toBeVisible();
  });
});
