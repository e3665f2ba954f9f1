import type { Page } from '@playwright/test';
import type { Role } from '../../../src/lib/domain/people/roles.ts';
import { appInstalled } from './app-installed.ts';
import { invitationOf } from './demo-people.ts';
import { enrolPhone, type TestPhone, typePin } from './phone.ts';

/** The PIN that the demo says on its first page. */
export const DEMO_PIN = '246813';

/** Takes a demo role's place on this phone by one tap, and waits until the app lies on it. */
export async function enterDemo(page: Page, origin: string, role: RegExp): Promise<void> {
  await page.goto(origin);
  await page.getByRole('button', { name: role }).click();
  await page.waitForURL('**/today');
  await appInstalled(page);
}

/** Enrols a demo person's phone as a team lead's QR does, under a PIN of its own. */
export async function enrolDemo(page: Page, origin: string, role: Role, pin: string): Promise<void> {
  await page.goto(origin);
  await enrolPhone(page, origin, await invitationOf(page, role), pin);
}

/** Opens the app where it lies on the phone: it is locked. */
export async function openLocked(page: Page, origin: string): Promise<void> {
  await page.goto(`${origin}/today`);
  await page.waitForURL('**/unlock**');
}

/** Opens the app where it lies on the phone, locked, and unlocks it. */
export async function unlockToday(phone: TestPhone, origin: string, pin = DEMO_PIN): Promise<Page> {
  const page = phone.page();
  await openLocked(page, origin);
  await typePin(page, pin);
  await page.waitForURL('**/today');
  return page;
}
