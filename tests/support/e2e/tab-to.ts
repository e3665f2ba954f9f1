import type { Locator, Page } from '@playwright/test';

/** Presses Tab from where the page stands until this is in focus, as somebody without a mouse; `most`: presses at most. */
export async function tabTo(page: Page, wanted: Locator, most = 60): Promise<void> {
  for (let presses = 0; presses < most; presses++) {
    await page.keyboard.press('Tab');
    if (await wanted.evaluate((element) => element === document.activeElement)) return;
  }
  throw new Error(`not in focus after ${String(most)} presses of Tab`);
}
