import type { Page } from '@playwright/test';
import { openWardDatabase } from '../../support/ward-database.ts';
import { deskOf, openAt } from './desk-deeds.ts';
import { enrolAs, fillQuickLog, saveQuickLog } from './phone-deeds.ts';
import { follow, type Stop, type TourKit } from './stop.ts';

/** Cần xử lý with what was not taken: a revoked phone's records, a gap in another's, a restore that is to be noted. */
export async function* apartTour(kit: TourKit): AsyncGenerator<Stop> {
  await revokedWithTwoUnsent(kit);
  await gapAndRestores(kit);
  const { officeAttention: text } = kit.office;
  const administrator = await deskOf(kit, 'administrator');
  const notices = await administrator.newPage();
  await openAt(kit, notices, '/attention');
  await notices.getByText(text.restore.proved).waitFor();
  yield { id: 'office/attention-restored', page: notices };
  await notices.getByRole('button', { name: text.restore.noted }).first().click();
  await notices.getByText(text.noted).waitFor();
  await notices.getByRole('button', { name: text.restore.noted }).first().click();
  await notices.getByText(text.restore.noted).first().waitFor({ state: 'detached' });
  await administrator.close();
  yield* deciding(kit);
}

async function* deciding(kit: TourKit): AsyncGenerator<Stop> {
  const { officeAttention: text } = kit.office;
  const context = await deskOf(kit, 'ward_leader');
  const page = await context.newPage();
  await openAt(kit, page, '/attention');
  await page.getByText(text.gap.title).waitFor();
  await page.getByText(text.pile.text).waitFor();
  yield { id: 'office/attention-kept-apart', page };
  for (const folded of [text.gap.action, text.content, text.accept, text.discard])
    await page.getByText(folded, { exact: true }).first().click();
  yield { id: 'office/attention-unfolded', page };
  await page.getByRole('button', { name: text.acceptConfirm, exact: true }).first().click();
  await page.getByText(text.accepted).waitFor();
  yield { id: 'office/attention-accepted', page };
  await context.close();
}

/** A phone logs with no signal, is revoked, and comes back: what it held lies apart. */
async function revokedWithTwoUnsent(kit: TourKit): Promise<void> {
  const context = await kit.open();
  const phone = await context.newPage();
  await enrolAs(kit, phone, 'helper');
  const office = await deskOf(kit, 'administrator');
  const page = await office.newPage();
  await newestDevice(kit, page);
  await context.setOffline(true);
  for (const subject of [/Khai sinh/, /VNeID/]) {
    await fillQuickLog(kit, phone, subject);
    await saveQuickLog(kit, phone);
    await follow(phone, '/today');
  }
  const { revoke } = kit.office.officePeople;
  await page.getByText(revoke.action, { exact: true }).first().click();
  await page.getByRole('button', { name: revoke.confirm, exact: true }).first().click();
  await page.getByText(revoke.done).waitFor();
  await context.setOffline(false);
  // Everything taken, the phone forgets whose it was.
  await phone.waitForURL((url) => url.pathname !== '/today');
  await office.close();
  await context.close();
}

/** The page of the person whose phone was heard of last. */
async function newestDevice(kit: TourKit, page: Page): Promise<void> {
  await openAt(kit, page, '/teams/devices');
  await openAt(kit, page, (await page.locator('main tbody a').first().getAttribute('href')) ?? '');
}

/** What takes a copied phone and two disks to bring about is written into the tables; the present epoch stays the present. */
async function gapAndRestores({ ward }: TourKit): Promise<void> {
  const database = openWardDatabase(ward.dataDir);
  try {
    await database.pool`
      update replica set gap_seq = last_seq + 4, gap_at = clock_timestamp()
      where replica_id = (
        select replica_id from replica where kind = 'phone' order by revoked_at is not null limit 1)`;
    await database.pool`
      insert into epoch (epoch_id, place, why)
      select 'tour-' || n, (select min(place) from epoch) - n, (array['restore', 'proof of a restore'])[n]
      from generate_series(1, 2) n where not exists (select from epoch where epoch_id = 'tour-1')`;
  } finally {
    await database.close();
  }
}
