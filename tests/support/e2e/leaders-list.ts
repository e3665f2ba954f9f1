import { expect, type Locator, type Page } from '@playwright/test';

/** A ward leader's open list, watched while records arrive. */
export interface LeadersList {
  /** The record on top. */
  readonly top: Locator;
  /** Resolves to the moment at which another record than at the opening stands on top, the page never loaded anew. */
  changed(within?: number): Promise<number>;
}

/** Signs the demo's leader in on a desk and opens the list of the ward. */
export async function openLeadersList(page: Page, origin: string): Promise<LeadersList> {
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.goto(origin);
  await page.getByRole('button', { name: /^Lãnh đạo/ }).click();
  await page.waitForURL('**/filings');
  await page.getByText('Đang tự cập nhật').waitFor();
  const top = page.locator('main a[href^="/assists/"]').first();
  const before = await top.getAttribute('href');
  await page.evaluate(() => document.body.setAttribute('data-not-reloaded', ''));
  return {
    top,
    changed: async (within?: number) => {
      await expect
        .poll(() => top.getAttribute('href'), {
          intervals: [50],
          ...(within !== undefined && { timeout: within }),
        })
        .not.toBe(before);
      const at = Date.now();
      await expect(page.locator('body')).toHaveAttribute('data-not-reloaded', '');
      return at;
    },
  };
}
