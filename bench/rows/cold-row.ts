import type { Page } from 'playwright';
import { entering } from '../../src/lib/messages/vi/entering.ts';
import { home } from '../../src/lib/messages/vi/home.ts';
import type { BenchRun } from '../bench-run.ts';
import { beside, type Figure } from '../figures.ts';
import type { PhoneBrowser } from '../phone/phone-browser.ts';

const PIN = '482615';

async function typePin(page: Page): Promise<void> {
  for (const digit of PIN) await page.getByRole('button', { name: digit, exact: true }).click();
}

/** A helper's phone with the real app on it, whole and offline-ready, and the bare page beside it. */
async function install(run: BenchRun, browser: PhoneBrowser): Promise<void> {
  const { ward } = run;
  const code = await ward.call.invitation(run.name('cold'));
  const page = await browser.context.newPage();
  await page.goto(`${ward.origin}/enrol#${code}`);
  await page.getByRole('button', { name: '1', exact: true }).waitFor();
  await typePin(page);
  await page.getByText(entering.pin.again).first().waitFor();
  await typePin(page);
  await page.waitForURL('**/today');
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await page.goto(`${ward.origin}/bench/bare/`);
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  await page.close();
}

/** From the tap on the icon until `selector` is there, in a page of its own. */
async function openingOf(
  browser: PhoneBrowser,
  url: string,
  selector: string,
): Promise<{ ms: number; page: Page }> {
  const page = await browser.context.newPage();
  const tools = await browser.context.newCDPSession(page);
  await tools.send('Emulation.setCPUThrottlingRate', { rate: 6 });
  const started = performance.now();
  await page.goto(url, { waitUntil: 'commit' });
  await page.locator(selector).first().waitFor();
  return { ms: performance.now() - started, page };
}

/** Offline, on a slow phone, the browser just started: until the first screen can be used. */
export async function coldRow(run: BenchRun): Promise<Figure[]> {
  const rounds: [number, number][] = [];
  const homes: [number, number][] = [];
  for (let round = 0; round < run.sizes.rounds; round++) {
    await run.browse(async (browser) => {
      await install(run, browser);
      await browser.context.setOffline(true);
      const bare = await openingOf(browser, `${run.ward.origin}/bench/bare/`, 'h1[data-ready]');
      await bare.page.close();
      const ours = await openingOf(browser, `${run.ward.origin}/today`, 'button:has-text("1")');
      rounds.push([ours.ms, bare.ms]);
      await typePin(ours.page);
      const typed = performance.now();
      await ours.page.waitForURL('**/today');
      await ours.page.getByRole('link', { name: home.today.quickLog }).waitFor();
      homes.push([performance.now() - typed, bare.ms]);
      await ours.page.close();
    });
    run.say(`cold start: round ${round + 1}`);
  }
  const row = 'cold';
  return [
    beside(
      { row, what: 'offline start to the PIN pad, CPU × 6', unit: 'ms' },
      'bare cached page',
      rounds,
      2.5,
    ),
    beside(
      { row, what: 'from the last digit to home, Argon2id in it', unit: 'ms' },
      'bare cached page',
      homes,
      null,
    ),
  ];
}
