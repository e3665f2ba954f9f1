import type { Stop, TourKit } from './stop.ts';

export const GALLERY_SCREENS = ['', '/today', '/quick-log', '/step', '/unlock', '/empty', '/office'] as const;

/** The building blocks on their gallery; the ward is started with DESIGN_GALLERY=1. */
export async function* galleryTour(kit: TourKit): AsyncGenerator<Stop> {
  const context = await kit.open();
  const page = await context.newPage();
  for (const screen of GALLERY_SCREENS) {
    await page.goto(`${kit.ward.origin}/design${screen}?lang=${kit.locale}`);
    // Set by the gallery's own effect: the page answers from here on.
    await page.locator('html[data-gallery]').waitFor();
    await page.evaluate(() => document.fonts.ready);
    yield { id: `design${screen === '' ? '/blocks' : screen}`, page };
  }
  await context.close();
}
