import { expect, type Page, test } from '@playwright/test';
import { wardAndPhones } from '../support/e2e/ward-and-phones.ts';
import { axeFaults } from './axe-faults.ts';
import { GALLERY_SCREENS } from './tour/gallery-tour.ts';

/** What the building blocks do, on their gallery (/design, served only with DESIGN_GALLERY=1). */
const here = wardAndPhones({ ward: { env: { DESIGN_GALLERY: '1' } }, phones: [] });

async function open(page: Page, screen: string, query = ''): Promise<void> {
  await page.goto(`${here.ward.origin}/design${screen}?${query}`);
  // Set by the gallery's own effect: the page answers from here on.
  await page.locator('html[data-gallery]').waitFor();
  await page.evaluate(() => document.fonts.ready);
}

test('E3 axe turns red on a planted fault', async ({ page }) => {
  await open(page, '/today');
  await page.evaluate(() => {
    const planted = document.createElement('button');
    document.querySelector('main')?.append(planted);
  });
  expect((await axeFaults(page)).map((fault) => fault.split(':')[0])).toEqual(['button-name']);
});

test('A2 the PIN pad takes keys and keyboard, hands over once and keeps nothing', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 800 });
  await open(page, '/unlock');
  for (const digit of ['1', '2', '3']) await page.getByRole('button', { name: digit, exact: true }).click();
  await page.keyboard.type('45');
  await page.keyboard.press('Backspace');
  await expect(page.locator('.dot.full')).toHaveCount(4);
  await page.keyboard.type('56');
  await expect(page.getByRole('alert')).toBeVisible();
  await expect(page.locator('.dot.full')).toHaveCount(0);
  expect(await page.content()).not.toContain('123456');
});

test('L3 tiles answer to number keys and arrows', async ({ page }) => {
  await open(page, '/quick-log');
  const what = page.getByRole('radiogroup').first();
  await what.getByRole('radio').first().focus();
  await page.keyboard.press('3');
  await expect(what.getByRole('radio').nth(2)).toBeChecked();
  await expect(what.getByRole('radio').nth(2)).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await expect(what.getByRole('radio').nth(3)).toBeChecked();
});

test('E3 a dialog takes the focus, keeps it, and gives it back', async ({ page }) => {
  await open(page, '');
  const opener = page
    .locator('section', { has: page.locator('#calls') })
    .getByRole('button')
    .first();
  await opener.focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog');
  await expect(dialog).toBeVisible();
  expect(await axeFaults(page)).toEqual([]);
  for (let press = 0; press < 6; press++) {
    await page.keyboard.press('Tab');
    expect(await dialog.evaluate((element) => element.contains(document.activeElement))).toBe(true);
  }
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(opener).toBeFocused();
});

test('L3 the toast offers to undo and goes away by the clock', async ({ page }) => {
  const opened = Date.now();
  await page.clock.install({ time: opened });
  await open(page, '');
  // It goes only as it is told until the seconds are read: a busy machine had some pass before the first look.
  await page.clock.pauseAt(opened + 3_600_000);
  await page
    .locator('section', { has: page.locator('#calls') })
    .getByRole('button')
    .nth(1)
    .click();
  const undo = page.locator('.toast .undo');
  await expect(undo).toContainText('10');
  await page.clock.runFor(4_000);
  await expect(undo).toContainText('6');
  await page.clock.resume();
  expect(await axeFaults(page)).toEqual([]);
  await page.clock.runFor(7_000);
  await expect(undo).toHaveCount(0);
});

test('the policy forbids inline style and script, and no block needs them', async ({ page }) => {
  const broken: string[] = [];
  page.on('console', (message) => {
    if (/Content Security Policy/.test(message.text())) broken.push(message.text());
  });
  for (const screen of GALLERY_SCREENS) await open(page, screen);
  await open(page, '');
  const section = page.locator('section', { has: page.locator('#calls') });
  await section.getByRole('button').nth(1).click();
  await section.getByRole('button').first().click();
  await expect(page.getByRole('dialog')).toBeVisible();
  // Kit's own route announcer carries a style attribute; base.css hides it instead.
  const announcer = 'sha256-S8qMpvofolR8Mpjy4kQvEm7m1q8clzU4dfDH0AmvZjo=';
  expect(broken.filter((text) => !text.includes(announcer))).toEqual([]);
});

test('E2 English is remembered on the device, and fetched only where it is wanted', async ({ page }) => {
  const fetched: string[] = [];
  page.on('request', (request) => fetched.push(request.url()));
  await page.goto(`${here.ward.origin}/design/no-such-screen`, { waitUntil: 'networkidle' });
  const vietnamese = fetched.filter((url) => url.endsWith('.js')).length;
  await page.evaluate(() => localStorage.setItem('xks.locale', 'en'));
  fetched.length = 0;
  await page.goto(`${here.ward.origin}/design/no-such-screen`, { waitUntil: 'networkidle' });
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('There is no such page');
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  expect(fetched.filter((url) => url.endsWith('.js')).length).toBe(vietnamese + 1);
});

test('E4 a missing page is a designed one', async ({ page }) => {
  const answer = await page.goto(`${here.ward.origin}/design/no-such-screen`);
  expect(answer?.status()).toBe(404);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Không có trang này');
  expect(await axeFaults(page)).toEqual([]);
});
