import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';

/**
 * The building blocks on their gallery (/design, served only with DESIGN_GALLERY=1), in every theme and language.
 * DESIGN_URL names a production build that runs with it.
 */
test.use({ baseURL: process.env['DESIGN_URL'] ?? 'http://127.0.0.1:5199' });

const SCREENS = ['', '/today', '/quick-log', '/step', '/unlock', '/empty', '/office'] as const;
const THEMES = ['light', 'dark', 'sun'] as const;
const LANGUAGES = ['vi', 'en'] as const;

async function open(page: Page, screen: string, query = ''): Promise<void> {
  await page.goto(`/design${screen}?${query}`);
  // Set by the gallery's own effect: the page answers from here on.
  await page.locator('html[data-gallery]').waitFor();
  await page.evaluate(() => document.fonts.ready);
}

async function violations(page: Page): Promise<readonly string[]> {
  const found = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .analyze();
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
}

for (const theme of THEMES) {
  for (const lang of LANGUAGES) {
    for (const width of [360, 1440]) {
      test(`E3 axe finds nothing in ${theme}, ${lang}, ${width} px`, async ({ page }) => {
        // Tall enough that the tab bar lies over nothing: half-hidden targets are a matter of scrolling, not of size.
        await page.setViewportSize({ width, height: 2000 });
        test.setTimeout(300_000);
        for (const screen of SCREENS) {
          await open(page, screen, `theme=${theme}&lang=${lang}`);
          expect(await violations(page), screen).toEqual([]);
        }
      });
    }
  }
}

test('E3 axe turns red on a planted fault', async ({ page }) => {
  await open(page, '/today');
  await page.evaluate(() => {
    const planted = document.createElement('button');
    document.querySelector('main')?.append(planted);
  });
  expect((await violations(page)).map((fault) => fault.split(':')[0])).toEqual(['button-name']);
});

test('E3 nothing runs off a 320 px screen with text at 200 %', async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  for (const screen of SCREENS) {
    await open(page, screen);
    await page.evaluate(() => document.documentElement.style.setProperty('font-size', '200%'));
    const wide = await page.evaluate(() =>
      Array.from(document.querySelectorAll('body *'))
        .filter((element) => element.getBoundingClientRect().right > innerWidth + 1)
        .filter((element) => element.closest('.heard-only, .skip, #svelte-announcer') === null)
        .map((element) => element.outerHTML.slice(0, 120)),
    );
    expect(wide, screen).toEqual([]);
  }
});

test('E3 every target is at least 48 px', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 800 });
  for (const screen of SCREENS) {
    await open(page, screen);
    const small = await page.evaluate(() => {
      const whole = 'label, article, tbody tr, .figure, summary';
      return Array.from(
        document.querySelectorAll('a, button, input:not([type=hidden]), select, textarea, summary'),
      )
        .filter((element) => element.closest('[aria-hidden=true], [tabindex="-1"]:not(main), .skip') === null)
        .filter((element) => element.getClientRects().length > 0)
        .map((element) => {
          const covers = element.matches('.cover, .open, input[type=radio], input[type=checkbox]');
          const { width, height } = ((covers && element.closest(whole)) || element).getBoundingClientRect();
          return { html: element.outerHTML.slice(0, 120), width, height };
        })
        .filter(({ width, height }) => width < 48 || height < 48)
        .map(({ html, width, height }) => `${width}×${height} ${html}`);
    });
    expect(small, screen).toEqual([]);
  }
});

test('E5 stacked diacritics have room: no line below 1.3, nothing clipped', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 800 });
  for (const screen of SCREENS) {
    await open(page, screen);
    const tight = await page.evaluate(() =>
      Array.from(document.querySelectorAll('body *'))
        .filter((element) =>
          Array.from(element.childNodes).some((node) => node.nodeType === 3 && node.nodeValue?.trim()),
        )
        .filter((element) => element.closest('.heard-only, #svelte-announcer, script, noscript') === null)
        .filter((element) => getComputedStyle(element).clipPath === 'none')
        .filter((element) => {
          const { lineHeight, fontSize, overflowY } = getComputedStyle(element);
          const ratio = lineHeight === 'normal' ? 1.2 : parseFloat(lineHeight) / parseFloat(fontSize);
          return ratio < 1.299 || (overflowY === 'hidden' && element.scrollHeight > element.clientHeight + 1);
        })
        .map((element) => element.outerHTML.slice(0, 120)),
    );
    expect(tight, screen).toEqual([]);
  }
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
  expect(await violations(page)).toEqual([]);
  for (let press = 0; press < 6; press++) {
    await page.keyboard.press('Tab');
    expect(await dialog.evaluate((element) => element.contains(document.activeElement))).toBe(true);
  }
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(opener).toBeFocused();
});

test('L3 the toast offers to undo and goes away by the clock', async ({ page }) => {
  await page.clock.install();
  await open(page, '');
  await page
    .locator('section', { has: page.locator('#calls') })
    .getByRole('button')
    .nth(1)
    .click();
  const undo = page.locator('.toast .undo');
  await expect(undo).toContainText('10');
  await page.clock.runFor(4_000);
  await expect(undo).toContainText('6');
  expect(await violations(page)).toEqual([]);
  await page.clock.runFor(7_000);
  await expect(undo).toHaveCount(0);
});

test('the policy forbids inline style and script, and no block needs them', async ({ page }) => {
  const broken: string[] = [];
  page.on('console', (message) => {
    if (/Content Security Policy/.test(message.text())) broken.push(message.text());
  });
  for (const screen of SCREENS) await open(page, screen);
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
  await page.goto('/design/no-such-screen', { waitUntil: 'networkidle' });
  const vietnamese = fetched.filter((url) => url.endsWith('.js')).length;
  await page.evaluate(() => localStorage.setItem('xks.locale', 'en'));
  fetched.length = 0;
  await page.goto('/design/no-such-screen', { waitUntil: 'networkidle' });
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('There is no such page');
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  expect(fetched.filter((url) => url.endsWith('.js')).length).toBe(vietnamese + 1);
});

test('E4 a missing page is a designed one', async ({ page }) => {
  const answer = await page.goto('/design/no-such-screen');
  expect(answer?.status()).toBe(404);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Không có trang này');
  expect(await violations(page)).toEqual([]);
});
