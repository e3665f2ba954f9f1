import type { Browser, BrowserContext, BrowserContextOptions, Page } from '@playwright/test';
import type { Messages } from '../../../src/lib/messages/dictionary.ts';
import { messagesFor } from '../../../src/lib/messages/both-languages.ts';
import type { Locale } from '../../../src/lib/messages/locale.ts';
import { officeWords, type OfficeWords } from '../../../src/lib/messages/office-words.ts';
import type { WardServer } from '../../support/ward-server.ts';

/** One screen in one state, reached by what a person does or by what a network does to them. */
export interface Stop {
  /** `field/outbox-offline`: part of the house, then the screen and its state. */
  readonly id: string;
  readonly page: Page;
}

/** A walk through the screens. Whoever follows it looks at each stop; the page is left as it was found. */
export type Tour = (kit: TourKit) => AsyncGenerator<Stop>;

export interface TourKit {
  readonly browser: Browser;
  readonly ward: WardServer;
  readonly locale: Locale;
  readonly m: Messages;
  readonly office: OfficeWords;
  /** A browser of its own, in the tour's language; closed at the end of the tour. */
  open(options?: BrowserContextOptions): Promise<BrowserContext>;
}

export const PHONE = { width: 360, height: 740 };
export const DESK = { width: 1440, height: 900 };

/** What a tour needs, and how to put it away. */
export function tourKit(
  browser: Browser,
  ward: WardServer,
  locale: Locale,
): TourKit & { close(): Promise<void> } {
  const opened: BrowserContext[] = [];
  return {
    browser,
    ward,
    locale,
    m: messagesFor(locale),
    office: officeWords[locale],
    open: async (options = {}) => {
      const context = await browser.newContext({
        viewport: PHONE,
        locale: 'vi-VN',
        timezoneId: 'Asia/Ho_Chi_Minh',
        // Colours stand still: a look in the middle of a transition sees neither theme.
        reducedMotion: 'reduce',
        ...options,
      });
      context.setDefaultTimeout(30_000);
      opened.push(context);
      await context.addCookies([{ name: 'xks-locale', value: locale, url: ward.origin }]);
      await context.addInitScript((chosen) => {
        try {
          localStorage.setItem('xks.locale', chosen);
        } catch {
          // A page without storage is one of the stops.
        }
      }, locale);
      return context;
    },
    close: async () => {
      for (const context of opened) await context.close();
    },
  };
}

/** Goes on inside the app, as a tap on a link does: the phone stays unlocked. */
export async function follow(page: Page, path: string): Promise<void> {
  await page.evaluate((href) => {
    const link = Object.assign(document.createElement('a'), { href });
    document.body.append(link);
    link.click();
    link.remove();
  }, path);
  await page.waitForURL((url) => url.pathname + url.search === path);
  await settled(page);
}

/** Nothing is still being fetched or drawn. */
export async function settled(page: Page): Promise<void> {
  await page.locator('h1').first().waitFor();
  await page.locator('.loading').waitFor({ state: 'detached' });
  await page.evaluate(() => document.fonts.ready);
}
