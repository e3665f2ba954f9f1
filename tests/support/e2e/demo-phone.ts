import type { Page } from '@playwright/test';
import { type TestPhone, typePin } from './phone.ts';

/** The PIN that the demo says on its first page. */
export const DEMO_PIN = '246813';

/** Takes a demo role's place on this phone by one tap, and waits until the app lies on it. */
export async function enterDemo(page: Page, origin: string, role: RegExp): Promise<void> {
  await page.goto(origin);
  await page.getByRole('button', { name: role }).click();
  await page.waitForURL('**/today');
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
}

/** Opens the app where it lies on the phone, locked, and unlocks it. */
export async function unlockToday(phone: TestPhone, origin: string): Promise<Page> {
  const page = phone.page();
  await page.goto(`${origin}/today`);
  await page.waitForURL('**/unlock**');
  await typePin(page, DEMO_PIN);
  await page.waitForURL('**/today');
  return page;
}
