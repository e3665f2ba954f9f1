import type { BrowserContext, Page } from '@playwright/test';
import type { Role } from '../../../src/lib/domain/people/roles.ts';
import { entryAnswerSchema } from '../../../src/lib/protocol/enrol.ts';
import { settled, type TourKit } from './stop.ts';

/** A browser of the ward's office, in which the demo person of that role is signed in. */
export async function deskOf(kit: TourKit, role: Role): Promise<BrowserContext> {
  const context = await kit.open();
  const { origin } = kit.ward;
  const entry = entryAnswerSchema.parse(await (await context.request.get(`${origin}/api/entry`)).json());
  const person = entry.demo?.people.find((one) => one.role === role)?.person;
  const entered = await context.request.post(`${origin}/api/demo/enter`, {
    data: { person },
    headers: { origin },
  });
  if (!entered.ok()) throw new Error(`${role} was not let in`);
  return context;
}

export async function openAt(kit: TourKit, page: Page, path: string): Promise<void> {
  await page.goto(kit.ward.origin + path);
  await settled(page);
  await hydrated(page);
}

/** The page answers from here on: scripts have taken it over. */
export async function hydrated(page: Page): Promise<void> {
  await page.waitForLoadState('networkidle').catch(() => undefined);
}

export async function firstLink(page: Page, start: string): Promise<string> {
  const found = await page.locator(`main a[href^="${start}"]`).first().getAttribute('href');
  if (found === null) throw new Error(`no link to ${start}`);
  return found;
}
