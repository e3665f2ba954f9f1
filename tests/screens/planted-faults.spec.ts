import { expect, type Page, test } from '@playwright/test';
import { wardAndPhones } from '../support/e2e/ward-and-phones.ts';
import { axeFaults, colourFaults } from './axe-faults.ts';
import { languageFaults } from './language-faults.ts';
import { crowdingFaults, leadingFaults, sidewaysFaults, targetFaults } from './layout-faults.ts';
import { wear } from './looks.ts';
import { PHONE } from './tour/stop.ts';

/** Every check of a look sees the fault it is there for, and nothing where none is. */
test.use({ trace: 'off', viewport: PHONE, contextOptions: { reducedMotion: 'reduce' } });
const here = wardAndPhones({ phones: [] });

async function signIn(page: Page): Promise<void> {
  // What is planted before the page has come to life is gone when it does.
  await page.goto(`${here.ward.origin}/sign-in`, { waitUntil: 'networkidle' });
  await page.evaluate(() => document.fonts.ready);
}

/** Puts something into the page as a careless change would. */
const plant = (page: Page, tag: string, words: string) =>
  page.evaluate(
    ([name, text]) => {
      const planted = document.createElement(name);
      planted.className = 'planted';
      planted.textContent = text;
      document.querySelector('main')?.append(planted);
    },
    [tag, words] as const,
  );
const dress = (page: Page, css: string) =>
  page.evaluate((text) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  }, css);

interface Planted {
  readonly fault: string;
  readonly tag: string;
  readonly words: string;
  readonly css: string;
  readonly seen: (page: Page) => Promise<readonly string[]>;
  readonly says: RegExp;
}

const PLANTED: readonly Planted[] = [
  {
    fault: 'grey text on paper',
    tag: 'p',
    words: 'Chữ mờ',
    css: '.planted { color: #a9a9a9 }',
    seen: colourFaults,
    says: /^color-contrast/,
  },
  {
    fault: 'a field without a label',
    tag: 'input',
    words: '',
    css: '',
    seen: axeFaults,
    says: /^label:/,
  },
  {
    fault: 'a box of fixed width',
    tag: 'div',
    words: 'Rộng',
    css: '.planted { min-inline-size: 400px }',
    seen: sidewaysFaults,
    says: /^(the page scrolls sideways|off the screen)/,
  },
  {
    fault: 'words cut by their own box',
    tag: 'p',
    words: 'Một câu dài hơn chỗ của nó',
    css: '.planted { inline-size: 80px; overflow: hidden; white-space: nowrap }',
    seen: sidewaysFaults,
    says: /^cut: <p class="planted/,
  },
  {
    fault: 'a button too small for a thumb',
    tag: 'button',
    words: 'Nhỏ',
    css: '.planted { block-size: 32px }',
    seen: targetFaults,
    says: /^target \d+×32/,
  },
  {
    fault: 'lines that clip Ễ',
    tag: 'p',
    words: 'Ễ Ộ Ữ',
    css: '.planted { line-height: 1.1 }',
    seen: leadingFaults,
    says: /^tight line/,
  },
  {
    fault: 'a bar that leaves no room',
    tag: 'div',
    words: 'Thanh',
    css: '.planted { block-size: 420px; inset: auto 0 0; position: fixed }',
    seen: crowdingFaults,
    says: /^bars take/,
  },
];

for (const { fault, tag, words, css, seen, says } of PLANTED) {
  test(`E3 seen: ${fault}`, async ({ page }) => {
    await signIn(page);
    expect(await seen(page)).toEqual([]);
    await plant(page, tag, words);
    await dress(page, css);
    expect((await seen(page)).join('\n')).toMatch(says);
  });
}

test('E2 seen: Vietnamese on an English page that is not marked as such', async ({ page, context }) => {
  await context.addCookies([{ name: 'xks-locale', value: 'en', url: here.ward.origin }]);
  await signIn(page);
  expect(await languageFaults(page)).toEqual([]);
  await plant(page, 'p', 'Đăng ký khai sinh');
  expect(await languageFaults(page)).toEqual(['not marked as Vietnamese: Đăng ký khai sinh']);
  await page.evaluate(() => document.querySelector('.planted')?.setAttribute('lang', 'vi'));
  expect(await languageFaults(page)).toEqual([]);
  await plant(page, 'p', 'Nguyễn Thị Hạnh, Phường Mẫu');
  expect(await languageFaults(page)).toEqual([]);
});

test('E3 seen: a colour that fails in one theme only', async ({ page }) => {
  await signIn(page);
  await plant(page, 'p', 'Chỉ hỏng ở nền tối');
  await dress(page, ':root[data-theme="dark"] .planted { color: #333c48 }');
  await wear(page, 'light');
  expect(await colourFaults(page)).toEqual([]);
  await wear(page, 'dark');
  expect((await colourFaults(page)).join('\n')).toMatch(/^color-contrast/);
});
