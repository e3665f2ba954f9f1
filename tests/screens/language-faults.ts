import type { Page } from '@playwright/test';

/**
 * Vietnamese on an English page that is not marked as such, so that it would be read aloud as English. Names of people
 * and places are their own in every language, and so is what a commune is called: words that begin with a capital and
 * those few are left out.
 */
export function languageFaults(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    if (document.documentElement.lang !== 'en') return [];
    const vietnamese = /[ăâđêôơưàáãèéìíĩòóõùúũỳý\u1ea0-\u1ef9]/u;
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const units = ['phường', 'xã', 'đặc', 'khu'];
    const faults = new Set<string>();
    for (let node = texts.nextNode(); node !== null; node = texts.nextNode()) {
      const holder = node.parentElement;
      if (holder === null || holder.closest('script, style, noscript, #svelte-announcer') !== null) continue;
      if (holder.closest('[lang]')?.getAttribute('lang') === 'vi') continue;
      const words = (node.nodeValue ?? '').normalize('NFC').split(/[\s·,.:()/-]+/u);
      const common = words.filter((word) => word !== '' && word[0] === word[0]?.toLowerCase());
      if (common.some((word) => vietnamese.test(word) && !units.includes(word)))
        faults.add(`not marked as Vietnamese: ${(node.nodeValue ?? '').trim().slice(0, 100)}`);
    }
    return [...faults];
  });
}
