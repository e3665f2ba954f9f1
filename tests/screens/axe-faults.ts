import { createRequire } from 'node:module';
import type { Page } from '@playwright/test';
import { THEMES, wear } from './looks.ts';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
/** What a theme can break. */
const COLOUR_RULES = ['color-contrast', 'link-in-text-block'];
/** The rows of a long table are drawn alike: a dozen show what there is, a hundred cost minutes (colours most of all). */
const FURTHER_ROWS = 'tbody tr:nth-child(n + 13)';

const require = createRequire(import.meta.url);
const { source } = createRequire(require.resolve('@axe-core/playwright'))('axe-core') as { source: string };

interface RunOnly {
  readonly type: 'tag' | 'rule';
  readonly values: readonly string[];
}
interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string; readonly any: readonly { readonly message: string }[] }[];
}
/** As much of axe as is asked for here. */
type WithAxe = typeof globalThis & {
  axe?: { run(context: object, options: object): Promise<{ readonly violations: readonly Violation[] }> };
};

async function faultsIn(page: Page, runOnly: RunOnly): Promise<readonly string[]> {
  // Once a document, and never in a second page of the browser: there the builder's last step did not come back while
  // the first page was offline or its clock was held.
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(source);
  const violations = await page.evaluate(
    async ([exclude, only]) => {
      const options = { runOnly: only, resultTypes: ['violations'], preload: false };
      return (await (globalThis as WithAxe).axe?.run({ exclude: [[exclude]] }, options))?.violations ?? null;
    },
    [FURTHER_ROWS, runOnly] as const,
  );
  if (violations === null) throw new Error('axe is not on the page');
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, any }) => `${id}: ${html.slice(0, 160)} ${any[0]?.message ?? ''}`),
  );
}

/** What axe has against the page as it stands. */
export function axeFaults(page: Page): Promise<readonly string[]> {
  return faultsIn(page, { type: 'tag', values: TAGS });
}

/** What a theme does to it: colours and nothing else, so names, roles and order are not judged again. */
export function colourFaults(page: Page): Promise<readonly string[]> {
  return faultsIn(page, { type: 'rule', values: COLOUR_RULES });
}

/** The same in all three themes; the page is given back in light. */
export async function faultsInThemes(page: Page): Promise<readonly string[]> {
  const faults: string[] = [];
  for (const theme of THEMES) {
    await wear(page, theme);
    const found = await (theme === 'light' ? axeFaults(page) : colourFaults(page));
    faults.push(...found.map((fault) => `[${theme}] ${fault}`));
  }
  await wear(page, 'light');
  return faults;
}
