import { expect, type Page, test } from '@playwright/test';
import { appInstalled } from '../support/e2e/app-installed.ts';
import { type OfflineSite, startOfflineSite } from './offline-site.ts';

let site: OfflineSite;
test.beforeEach(async () => {
  site = await startOfflineSite();
});
test.afterEach(() => site.close());

/** The app has been opened once and lies on the phone. */
async function visitOnce(page: Page): Promise<void> {
  await page.goto(site.origin);
  await appInstalled(page);
}

/** Something of ours is on the page: the root layout has run in the browser. */
async function appShown(page: Page): Promise<void> {
  await expect(page.locator('h1')).toBeVisible();
}

const cacheNames = (page: Page) => page.evaluate(() => caches.keys());
const workerState = (page: Page) =>
  page.evaluate(async () => {
    const registration = await navigator.serviceWorker.getRegistration();
    return { waiting: registration?.waiting?.state ?? null, active: registration?.active?.state ?? null };
  });
const update = (page: Page) =>
  page.evaluate(async () => {
    await (await navigator.serviceWorker.ready).update();
  });

test('E1 after one visit every field address opens with no network, the first time it is asked for', async ({
  context,
  page,
}) => {
  await visitOnce(page);
  await page.close();
  await context.setOffline(true);
  for (const path of [
    '/',
    '/today',
    '/records/0190f0a0-0000-7000-8000-000000000001',
    '/assist/quick',
    '/outbox',
    '/enrol',
  ]) {
    const tab = await context.newPage();
    const answer = await tab.goto(`${site.origin}${path}`);
    expect(answer?.status(), path).toBe(200);
    await appShown(tab);
    await tab.close();
  }
});

test('E1 the first page is under the worker at once, and no api answer nor page is kept', async ({
  page,
}) => {
  await visitOnce(page);
  await expect.poll(() => page.evaluate(() => navigator.serviceWorker.controller !== null)).toBe(true);
  await page.evaluate(() => fetch('/api/entry'));
  await page.goto(`${site.origin}/sign-in`);
  const kept = await page.evaluate(async () => {
    const urls: string[] = [];
    for (const name of await caches.keys()) {
      for (const { url } of await (await caches.open(name)).keys()) urls.push(new URL(url).pathname);
    }
    return urls;
  });
  expect(kept).toContain('/shell');
  expect(kept.filter((path) => path.startsWith('/api/') || ['/', '/sign-in'].includes(path))).toEqual([]);
  expect(kept.some((path) => path.includes('kdf-worker'))).toBe(true);
});

test('E1 the server’s own pages are asked of the server, not of the phone', async ({ page }) => {
  await visitOnce(page);
  await page.goto(`${site.origin}/today`);
  await page.goto(`${site.origin}/filings`);
  const asked = site.seen.map(({ path }) => path);
  expect(asked).toContain('/filings');
  expect(asked).not.toContain('/today');
});

test('E1 a captive portal’s page never becomes a part of the app', async ({ page }) => {
  site.trick = (path, request) =>
    path === '/shell' && request.headers['sec-fetch-dest'] === 'empty'
      ? { status: 302, type: 'text/plain', body: '', location: '/login.html' }
      : path === '/login.html'
        ? { status: 200, type: 'text/html', body: '<h1>Wi-Fi</h1>' }
        : null;
  await page.goto(site.origin);
  await expect.poll(() => site.seen.some(({ path }) => path === '/login.html')).toBe(true);
  await expect
    .poll(() =>
      page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.installing ?? null),
    )
    .toBeNull();
  expect(await workerState(page)).toEqual({ waiting: null, active: null });
  site.trick = null;
  await page.reload();
  await visitOnce(page);
  expect(await workerState(page)).toMatchObject({ active: 'activated' });
});

test('E1 a newer version waits until it is agreed to, over reloads too', async ({ page }) => {
  await visitOnce(page);
  site.release('second');
  await update(page);
  await expect.poll(async () => (await workerState(page)).waiting).toBe('installed');
  await page.reload();
  await appShown(page);
  expect(await workerState(page)).toMatchObject({ waiting: 'installed', active: 'activated' });
});

test('E1 an agreed update leaves an older tab its files, and clears them when no tab is open', async ({
  context,
  page,
}) => {
  await visitOnce(page);
  const old = await context.newPage();
  await old.goto(`${site.origin}/enrol`);
  const [first] = await cacheNames(page);
  site.release('second');
  await update(page);
  // The app is at work: its requests reach the older worker just when the newer one is to take over.
  await page.evaluate(() => {
    document.addEventListener('click', () => {
      const until = Date.now() + 3000;
      const ask = (): void => {
        if (Date.now() < until) void fetch(`/theme.js?${Math.random()}`).finally(ask);
      };
      for (let at = 0; at < 6; at += 1) ask();
    });
  });
  const anew = page.waitForEvent('load');
  await page.getByRole('button', { name: 'Cập nhật' }).click();
  await anew;
  expect(await workerState(page)).toMatchObject({ waiting: null });
  await expect.poll(() => cacheNames(page)).toHaveLength(2);
  expect(await cacheNames(page)).toContain(first);
  // Another tab took the update: the older one is told, and not loaded anew under somebody's hands.
  expect(await old.evaluate(() => performance.getEntriesByType('navigation').length)).toBe(1);
  await old.close();
  await page.close();
  const later = await context.newPage();
  await later.goto(`${site.origin}/`);
  await expect.poll(() => cacheNames(later)).not.toContain(first);
});
