import type { Page } from '@playwright/test';

/** For ears only, or off the screen on purpose. */
const UNSEEN = '.heard-only, .skip, #svelte-announcer, .picker, [aria-hidden=true] input';

/** What runs off the screen sideways, and text that is cut by its own box. */
export function sidewaysFaults(page: Page): Promise<readonly string[]> {
  return page.evaluate((unseen) => {
    const nameOf = (element: Element) => element.outerHTML.slice(0, 120);
    const seen = Array.from(document.querySelectorAll('body *')).filter(
      (element) => element.closest(unseen) === null && element.getClientRects().length > 0,
    );
    const wide = seen.filter((element) => {
      const { left, right } = element.getBoundingClientRect();
      return right > innerWidth + 1 || left < -1;
    });
    const cut = seen.filter((element) => {
      const { overflowX, overflowY, clipPath } = getComputedStyle(element);
      if (clipPath !== 'none' || element.matches('svg, svg *, input, select, textarea, video')) return false;
      const hides = (overflow: string) => overflow === 'hidden' || overflow === 'clip';
      return (
        (hides(overflowX) && element.scrollWidth > element.clientWidth + 1) ||
        (hides(overflowY) && element.scrollHeight > element.clientHeight + 1)
      );
    });
    const over = document.documentElement.scrollWidth - innerWidth;
    return [
      ...(over > 0 ? [`the page scrolls sideways by ${over} px`] : []),
      ...wide.map((element) => `off the screen: ${nameOf(element)}`),
      ...cut.map((element) => `cut: ${nameOf(element)}`),
    ];
  }, UNSEEN);
}

/** Bars that stay in place leave the page its half of the screen. */
export function crowdingFaults(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const bars = Array.from(document.querySelectorAll('body *')).filter((element) => {
      const { position } = getComputedStyle(element);
      return (position === 'sticky' || position === 'fixed') && element.getClientRects().length > 0;
    });
    const tall = bars
      .filter((element) => element.closest('dialog, .skip, .toast') === null)
      .filter((element) => element.getBoundingClientRect().width > innerWidth / 2)
      .reduce((sum, element) => sum + element.getBoundingClientRect().height, 0);
    return tall > innerHeight / 2 ? [`bars take ${Math.round(tall)} of ${innerHeight} px`] : [];
  });
}

/** Everything a finger is to hit is at least 48 px each way. */
export function targetFaults(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const whole = 'label, article, tbody tr, .figure, summary';
    return Array.from(
      document.querySelectorAll('a, button, input:not([type=hidden]), select, textarea, summary'),
    )
      .filter(
        (element) =>
          element.closest('[aria-hidden=true], [tabindex="-1"]:not(main, [role=dialog]), .skip') === null,
      )
      .filter((element) => element.getClientRects().length > 0 && !element.matches('.heard-only'))
      .map((element) => {
        const covers = element.matches('.cover, .open, input[type=radio], input[type=checkbox]');
        const { width, height } = ((covers && element.closest(whole)) || element).getBoundingClientRect();
        return { html: element.outerHTML.slice(0, 120), width, height };
      })
      .filter(({ width, height }) => width < 47.9 || height < 47.9)
      .map(({ html, width, height }) => `target ${Math.round(width)}×${Math.round(height)}: ${html}`);
  });
}

/** Stacked diacritics have room: no line below 1.3. */
export function leadingFaults(page: Page): Promise<readonly string[]> {
  return page.evaluate(() =>
    Array.from(document.querySelectorAll('body *'))
      .filter((element) =>
        Array.from(element.childNodes).some((node) => node.nodeType === 3 && node.nodeValue?.trim()),
      )
      .filter(
        (element) => element.closest('.heard-only, #svelte-announcer, script, noscript, style') === null,
      )
      .filter((element) => {
        const { lineHeight, fontSize } = getComputedStyle(element);
        const ratio = lineHeight === 'normal' ? 1.2 : parseFloat(lineHeight) / parseFloat(fontSize);
        return ratio < 1.299;
      })
      .map((element) => `tight line: ${element.outerHTML.slice(0, 120)}`),
  );
}
