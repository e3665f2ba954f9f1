import type { Page } from '@playwright/test';
import { deskOf, firstLink, openAt } from './desk-deeds.ts';
import { PHONE, type Stop, type TourKit } from './stop.ts';

/** The office as a ward leader reads it: lists, records, what waits for a decision. */
export async function* officeTour(kit: TourKit): AsyncGenerator<Stop> {
  const context = await deskOf(kit, 'ward_leader');
  const page = await context.newPage();
  yield* lists(kit, page);
  yield* records(kit, page);
  await openAt(kit, page, '/attention');
  yield { id: 'office/attention', page };
  await openAt(kit, page, '/teams');
  yield { id: 'office/teams-read-only', page };
  yield* trouble(kit, page);
  await context.close();
  yield* others(kit);
}

async function* lists(kit: TourKit, page: Page): AsyncGenerator<Stop> {
  await openAt(kit, page, '/filings');
  yield { id: 'office/assists', page };
  await openAt(kit, page, '/filings?view=filings');
  yield { id: 'office/filings', page };
  await openAt(kit, page, '/filings?view=filings&status=unknown&period=month&sort=due');
  yield { id: 'office/filings-filtered', page };
  await openAt(kit, page, '/filings?status=withdrawn&period=day');
  yield { id: 'office/filings-none', page };
}

async function* records(kit: TourKit, page: Page): AsyncGenerator<Stop> {
  await openAt(kit, page, '/filings?view=filings');
  const filing = await firstLink(page, '/filings/0');
  await openAt(kit, page, filing);
  yield { id: 'office/filing', page };
  await openAt(kit, page, await firstLink(page, '/assists/'));
  yield { id: 'office/assist', page };
  const open = page.getByRole('button', { name: kit.office.office.record.open, exact: true });
  if ((await open.count()) > 0) {
    await open.first().click();
    await page.getByText(kit.office.office.record.opened).waitFor();
    yield { id: 'office/assist-opened', page };
  }
}

async function* trouble(kit: TourKit, page: Page): AsyncGenerator<Stop> {
  await openAt(kit, page, '/filings/0190f0a0-0000-7000-8000-000000000001');
  yield { id: 'office/record-not-found', page };
  await openAt(kit, page, '/teams/places');
  yield { id: 'office/not-allowed', page };
  await openAt(kit, page, '/khong-co-trang-nay');
  yield { id: 'office/no-such-page', page };
  await openAt(kit, page, '/filings');
  await page.setViewportSize(PHONE);
  await page.getByRole('button', { name: kit.m.shell.menu }).click();
  await page.getByRole('button', { name: kit.office.office.nav.signOut }).waitFor();
  yield { id: 'office/menu', page };
}

async function* others(kit: TourKit): AsyncGenerator<Stop> {
  const officer = await deskOf(kit, 'mobilisation_officer');
  const read = await officer.newPage();
  await openAt(kit, read, '/filings');
  yield { id: 'office/officer-no-records', page: read };
  await officer.close();
  const observer = await deskOf(kit, 'observer');
  const page = await observer.newPage();
  await openAt(kit, page, '/welcome');
  yield { id: 'office/welcome', page };
  await observer.close();
}
