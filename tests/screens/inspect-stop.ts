import { faultsInThemes } from './axe-faults.ts';
import { languageFaults } from './language-faults.ts';
import { crowdingFaults, leadingFaults, sidewaysFaults, targetFaults } from './layout-faults.ts';
import { SIZES, unroll } from './looks.ts';
import { PHONE, type Stop } from './tour/stop.ts';

const NARROW = { width: 320, height: 640 };

/** Everything that can be judged by machine at one stop, in every look. The page is given back as a phone in light. */
export async function inspectStop({ id, page }: Stop): Promise<readonly string[]> {
  const faults: string[] = [];
  const note = (look: string, found: readonly string[]) =>
    faults.push(...found.map((fault) => `${id} [${look}] ${fault}`));
  for (const size of SIZES) {
    await unroll(page, size);
    note(`${size.width}`, await sidewaysFaults(page));
    note(`${size.width}`, await targetFaults(page));
    note(`${size.width}`, await faultsInThemes(page));
  }
  // The gallery of building blocks shows what people might write, in one language for both.
  if (!id.startsWith('design/')) note('words', await languageFaults(page));
  await page.setViewportSize(NARROW);
  await page.evaluate(() => document.documentElement.style.setProperty('font-size', '200%'));
  note('320 at 200 %', await sidewaysFaults(page));
  note('320 at 200 %', await crowdingFaults(page));
  await page.evaluate(() => document.documentElement.style.removeProperty('font-size'));
  await page.setViewportSize(PHONE);
  note('lines', await leadingFaults(page));
  return faults;
}
