import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
/** What a theme can break. */
const COLOUR_RULES = ['color-contrast', 'link-in-text-block'];

/** The rows of a long table are drawn alike: a dozen show what there is, a hundred cost minutes (colours most of all). */
const FURTHER_ROWS = 'tbody tr:nth-child(n + 13)';

/**
 * What axe has against the page as it stands. Everything in the page's own document: axe's usual way ends in a second,
 * blank page of the browser, which never answers where the first one is offline or its clock is held.
 */
export async function axeFaults(page: Page, only?: 'colours'): Promise<readonly string[]> {
  const builder = new AxeBuilder({ page })
    .setLegacyMode(true)
    .options({ resultTypes: ['violations'] })
    .exclude(FURTHER_ROWS);
  const asked = only === 'colours' ? builder.withRules(COLOUR_RULES) : builder.withTags(TAGS);
  const { violations } = await asked.analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, any }) => `${id}: ${html.slice(0, 160)} ${any[0]?.message ?? ''}`),
  );
}
