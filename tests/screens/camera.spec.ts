import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, expect, test } from '@playwright/test';
import { isLocale } from '../../src/lib/messages/locale.ts';
import { wardAndPhones } from '../support/e2e/ward-and-phones.ts';
import { contactSheet } from './contact-sheet.ts';
import { SIZES, type Theme, THEMES, wear } from './looks.ts';
import { TOURS } from './tour/all-tours.ts';
import { type Stop, tourKit } from './tour/stop.ts';

/** `npm run sheet`: a picture of every stop at both sizes, then one page (and one picture a tour) that shows them all. */
const asked = process.env['SHEET_LANG'] ?? 'vi';
const locale = isLocale(asked) ? asked : 'vi';
const theme: Theme = THEMES.find((one) => one === process.env['SHEET_THEME']) ?? 'light';
const only = process.env['SHEET_TOUR'];
const tours = Object.entries(TOURS).filter(([name]) => only === undefined || only.split(',').includes(name));
const folder = join(import.meta.dirname, '..', 'results', 'sheet', `${locale}-${theme}`);
/** A list longer than this goes on in the same way. */
const LONGEST = { 360: 1900, 1440: 1800 } as const;

test.use({ trace: 'off' });
test.setTimeout(900_000);

const here = wardAndPhones({ ward: { env: { DESIGN_GALLERY: '1' } }, phones: [] });

async function photograph({ id, page }: Stop, number: string): Promise<void> {
  await wear(page, theme);
  for (const { width, height } of SIZES) {
    await page.setViewportSize({ width, height });
    const whole = await page.evaluate(() => document.documentElement.scrollHeight);
    const tall = Math.min(Math.max(whole, height), LONGEST[width as keyof typeof LONGEST]);
    await page.setViewportSize({ width, height: tall });
    await page.screenshot({ path: join(folder, `${number}-${id.replaceAll('/', '-')}-${width}.png`) });
  }
  const [phone] = SIZES;
  await page.setViewportSize(phone);
}

async function keepSheet(browser: Browser, name: string): Promise<void> {
  const page = await browser.newPage();
  for (const { width } of SIZES) {
    const html = contactSheet(folder, `${locale} · ${theme} · ${name}`, name, width);
    const file = join(folder, `sheet-${name}-${width}.html`);
    writeFileSync(file, html);
    await page.setViewportSize({ width: 1980, height: 900 });
    await page.goto(`file://${file}`);
    await page.screenshot({ path: file.replace(/html$/, 'png'), fullPage: true });
  }
  await page.close();
}

for (const [at, [name, tour]] of tours.entries()) {
  test(`E4 pictures of ${name}`, async ({ browser }) => {
    mkdirSync(folder, { recursive: true });
    for (const old of readdirSync(folder).filter((file) => file.startsWith(`${name}-`)))
      rmSync(join(folder, old));
    const kit = tourKit(browser, here.ward, locale);
    let taken = 0;
    try {
      for await (const stop of tour(kit)) {
        taken += 1;
        await photograph(stop, `${name}-${String(taken).padStart(2, '0')}`);
      }
    } finally {
      await kit.close();
    }
    await keepSheet(browser, name);
    expect(taken).toBeGreaterThan(0);
    if (at === tours.length - 1)
      writeFileSync(join(folder, 'index.html'), contactSheet(folder, `${locale} · ${theme}`, '', null));
  });
}
