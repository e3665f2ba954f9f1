import type { Page } from '@playwright/test';
import type { Role } from '../../../src/lib/domain/people/roles.ts';
import { DEMO_PIN } from '../../support/e2e/demo-phone.ts';
import { typePin } from '../../support/e2e/phone.ts';
import { follow, type TourKit } from './stop.ts';

/** Enrols this browser as the demo person of a role, with one click on the first page, and waits for its records. */
export async function enrolAs(kit: TourKit, page: Page, role: Role): Promise<void> {
  await page.goto(kit.ward.origin);
  await page.getByRole('button', { name: new RegExp(`^${kit.m.field.me.roles[role]}`) }).click();
  await page.waitForURL('**/today');
  await page.getByRole('link', { name: kit.m.field.today.quickLog }).waitFor();
  await pulled(page);
}

/** The first pull is over: the list of records is there. */
export async function pulled(page: Page): Promise<void> {
  const back = new URL(page.url()).pathname;
  await follow(page, '/records');
  await page.locator('main a[href^="/records/"]').first().waitFor();
  await follow(page, back);
  await page.locator('progress, [role=progressbar]').waitFor({ state: 'detached' });
}

/** Ghi nhanh up to, not including, Lưu. */
export async function fillQuickLog(kit: TourKit, page: Page, subject: RegExp): Promise<void> {
  const { assistWords } = kit.m;
  await follow(page, '/assist/quick');
  await page.getByRole('radio', { name: subject }).first().click();
  await page.getByRole('radio', { name: assistWords.outcomes.guided_only }).click();
  await page.getByRole('radio', { name: assistWords.typedBy.resident, exact: true }).click();
  await page.getByRole('radio', { name: assistWords.channels.door, exact: true }).click();
}

export async function saveQuickLog(kit: TourKit, page: Page): Promise<void> {
  const { quickLog } = kit.m.field;
  await page.getByRole('button', { name: quickLog.save, exact: true }).click();
  await page.getByRole('heading', { name: quickLog.saved }).waitFor();
}

/** Locks from Thêm; the page then asks for the PIN. */
export async function lock(kit: TourKit, page: Page): Promise<void> {
  await follow(page, '/me');
  await page.getByRole('button', { name: kit.m.field.me.lock }).click();
  await page.waitForURL('**/unlock**');
  await page.getByRole('button', { name: '1', exact: true }).waitFor();
}

export async function unlock(page: Page, pin = DEMO_PIN): Promise<void> {
  await typePin(page, pin);
  await page.waitForURL((url) => url.pathname !== '/unlock');
}
