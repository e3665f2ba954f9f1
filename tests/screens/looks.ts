import type { Page } from '@playwright/test';
import { DESK, PHONE } from './tour/stop.ts';

export const THEMES = ['light', 'dark', 'sun'] as const;
export type Theme = (typeof THEMES)[number];
export const SIZES = [PHONE, DESK] as const;
export type Size = (typeof SIZES)[number];

/** A theme changes colours and nothing else, so it is put on without opening the page anew. */
export async function wear(page: Page, theme: Theme): Promise<void> {
  await page.evaluate((name) => (document.documentElement.dataset['theme'] = name), theme);
}

/** The window, tall enough that nothing lies below the fold or under a bar. */
export async function unroll(page: Page, { width, height }: Size): Promise<void> {
  await page.setViewportSize({ width, height });
  const whole = await page.evaluate(() => document.documentElement.scrollHeight);
  if (whole > height) await page.setViewportSize({ width, height: Math.min(whole, 12_000) });
}
