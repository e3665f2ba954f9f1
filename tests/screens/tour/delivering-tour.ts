import type { Page, Route } from '@playwright/test';
import { appInstalled } from '../../support/e2e/app-installed.ts';
import { outboxState } from '../../support/e2e/outbox-state.ts';
import { enrolAs, fillQuickLog, lock, saveQuickLog, unlock } from './phone-deeds.ts';
import { follow, type Stop, type TourKit } from './stop.ts';

const SYNC = '**/api/sync';

/** Chờ gửi in every state that a network, a server and another person can bring it into; and the lock. */
export async function* deliveringTour(kit: TourKit): AsyncGenerator<Stop> {
  // The worker delivers too: here the page alone does, so that what is answered is what is shown.
  const context = await kit.open();
  const page = await context.newPage();
  await enrolAs(kit, page, 'helper');
  await appInstalled(page);
  await openOutbox(kit, page);
  yield { id: 'field/outbox-nothing', page };
  yield* withoutNetwork(kit, page);
  yield* badNetworks(kit, page);
  yield* clash(kit, page);
  await context.close();
  yield* tooMany(kit);
}

/** More waits than a screen shows at once. It never goes: the browser is closed with no signal. */
async function* tooMany(kit: TourKit): AsyncGenerator<Stop> {
  const { quickLog, outbox, records } = kit.m.field;
  const context = await kit.open();
  const page = await context.newPage();
  await enrolAs(kit, page, 'helper');
  await appInstalled(page);
  await context.setOffline(true);
  await fillQuickLog(kit, page, /Khai sinh/);
  await saveQuickLog(kit, page);
  const another = page.getByRole('button', { name: quickLog.another });
  while ((await outboxState(page)).phases.length < 45) await another.click();
  await openOutbox(kit, page);
  await page.getByText(new RegExp(`^${outbox.waiting} · 4\\d$`)).waitFor();
  await page.getByRole('button', { name: records.showMore }).waitFor();
  yield { id: 'field/outbox-many', page };
  await context.close();
}

/** What stands beside the list comes behind it, and makes the page longer. */
async function openOutbox(kit: TourKit, page: Page): Promise<void> {
  await follow(page, '/outbox');
  await page.getByRole('heading', { name: kit.m.field.outbox.storage }).waitFor();
}

async function log(kit: TourKit, page: Page, subject: RegExp): Promise<void> {
  await fillQuickLog(kit, page, subject);
  await saveQuickLog(kit, page);
  await follow(page, '/today');
}

async function* withoutNetwork(kit: TourKit, page: Page): AsyncGenerator<Stop> {
  const { states, field } = kit.m;
  await page.context().setOffline(true);
  await log(kit, page, /Khai sinh/);
  await log(kit, page, /VNeID/);
  await page.getByText(states.unsent(2)).waitFor();
  yield { id: 'field/today-offline', page };
  await openOutbox(kit, page);
  await page.getByText(field.today.noNetwork).waitFor();
  yield { id: 'field/outbox-offline', page };
  await page.getByRole('button', { name: field.outbox.file }).click();
  await page.getByText(field.outbox.fileSaved).waitFor();
  await page.locator('input[type=file]').setInputFiles({
    name: 'khong-phai.xks',
    mimeType: 'application/octet-stream',
    buffer: Buffer.from('<html>không phải tệp chờ gửi</html>'),
  });
  await page.getByText(field.outbox.carryProblems.not_ours).waitFor();
  yield { id: 'field/outbox-file', page };
  await lock(kit, page);
  await page.getByText(kit.m.entering.unlock.stillDelivers(2)).waitFor();
  yield { id: 'field/unlock-unsent', page };
  await unlock(page);
}

async function* badNetworks(kit: TourKit, page: Page): AsyncGenerator<Stop> {
  const { outbox } = kit.m.field;
  await openOutbox(kit, page);
  const answered = async (answer: (route: Route) => Promise<void>, words: string) => {
    // The newest of several answers to one address is the one that holds.
    await page.context().route(SYNC, answer);
    await page.getByRole('button', { name: outbox.sendNow }).click();
    await page.getByText(words).first().waitFor();
  };
  const portal = '<html><title>Wi-Fi</title><h1>Đăng nhập Wi-Fi miễn phí</h1></html>'.repeat(2000);
  await page.context().route(SYNC, (route) => route.fulfill({ contentType: 'text/html', body: portal }));
  await page.context().setOffline(false);
  await page.getByText(outbox.portal).waitFor();
  yield { id: 'field/outbox-captive-portal', page };
  await answered((route) => route.abort(), outbox.noServer);
  // Said above at once; what the person did has ended when it stands at the button.
  await page.locator('.action').getByText(outbox.noServer).waitFor();
  yield { id: 'field/outbox-no-server', page };
  const stalled: (() => void)[] = [];
  await answered(async (route) => {
    await new Promise<void>((resolve) => stalled.push(resolve));
    await route.abort().catch(() => undefined);
  }, outbox.sendingNow);
  yield { id: 'field/outbox-sending', page };
  yield* refused(kit, page, () => {
    for (const go of stalled) go();
  });
}

/** The server takes none of it: as it answers for a person whose team has changed. */
async function* refused(kit: TourKit, page: Page, letGo: () => void): AsyncGenerator<Stop> {
  const { field } = kit.m;
  await page.context().route(SYNC, async (route) => {
    const response = await route.fetch();
    const answer = JSON.parse(await response.text()) as { settled: object[] };
    const settled = answer.settled.map((one) => ({ ...one, outcome: { is: 'refused', code: 'not_yours' } }));
    // Its own type and headers: an answer of another type would be taken for a stranger's.
    const headers = { ...response.headers() };
    delete headers['content-encoding'];
    delete headers['content-length'];
    return route.fulfill({
      status: response.status(),
      headers,
      body: JSON.stringify({ ...answer, settled, own: [] }),
    });
  });
  letGo();
  // A network that comes back is reason enough to try again.
  await page.context().setOffline(true);
  await page.context().setOffline(false);
  await page.getByText(field.outbox.needsYou).first().waitFor();
  yield { id: 'field/outbox-refused', page };
  await follow(page, '/today');
  // The card itself: "… 2 lượt" of a heading and the chip after it read alike.
  await page.getByRole('link', { name: field.today.needsYou(2), exact: true }).waitFor();
  yield { id: 'field/today-needs-you', page };
  await openOutbox(kit, page);
  await page.context().unroute(SYNC);
  await page.locator('main a[href^="/records/"]').first().click();
  await page.waitForURL('**/records/*');
  await page.getByRole('link', { name: field.records.mend }).waitFor();
  yield { id: 'field/record-refused', page };
  await page.getByRole('button', { name: field.records.discard }).click();
  await page.getByRole('dialog').waitFor();
  yield { id: 'field/record-discard', page };
  await page.getByRole('button', { name: kit.m.controls.cancel }).click();
  await page.getByRole('link', { name: field.records.mend }).click();
  await page.waitForURL('**/edit**');
  yield { id: 'field/record-mend', page };
}

/** Helper and team lead change one record while apart. */
async function* clash(kit: TourKit, page: Page): AsyncGenerator<Stop> {
  const { field } = kit.m;
  const other = await kit.open();
  const lead = await other.newPage();
  await enrolAs(kit, lead, 'team_lead');
  await follow(page, '/records');
  const record =
    (await page
      .locator('article', { hasText: kit.m.states.delivered('phường') })
      .locator('a[href^="/records/"]')
      .nth(3)
      .getAttribute('href')) ?? '';
  await page.context().setOffline(true);
  await rewrite(kit, page, record, kit.m.assistWords.channels.hall);
  await rewrite(kit, lead, record, kit.m.assistWords.channels.phone);
  await follow(lead, '/outbox');
  await lead.getByText(field.outbox.nothing).waitFor();
  await page.context().setOffline(false);
  await page.getByText(field.records.clashTitle).first().waitFor();
  yield { id: 'field/record-clash', page };
  await openOutbox(kit, page);
  yield { id: 'field/outbox-clash', page };
  await other.close();
}

async function rewrite(kit: TourKit, page: Page, record: string, channel: string): Promise<void> {
  await follow(page, `${record}/edit`);
  await page.getByRole('radio', { name: channel, exact: true }).click();
  await page.getByRole('button', { name: kit.m.field.quickLog.save, exact: true }).click();
  await page.waitForURL((url) => url.pathname === record);
}
