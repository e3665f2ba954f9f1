import type { Page } from '@playwright/test';
import { enrolAs, fillQuickLog, saveQuickLog, unlock } from './phone-deeds.ts';
import { follow, settled, type Stop, type TourKit } from './stop.ts';

/** Hồ sơ and Thủ tục on the phone, and Thêm with all that hangs below it. */
export async function* recordsTour(kit: TourKit): AsyncGenerator<Stop> {
  const context = await kit.open();
  const page = await context.newPage();
  await enrolAs(kit, page, 'team_lead');
  yield* lists(kit, page);
  yield* oneRecord(kit, page);
  yield* procedures(kit, page);
  yield* more(kit, page);
  await context.close();
}

async function* lists(kit: TourKit, page: Page): AsyncGenerator<Stop> {
  const { records } = kit.m.field;
  await follow(page, '/records');
  await page.locator('main a[href^="/records/"]').first().waitFor();
  yield { id: 'field/records', page };
  await page.getByRole('radio', { name: records.filters.incomplete }).click();
  await settled(page);
  yield { id: 'field/records-incomplete', page };
  const search = page.getByRole('searchbox', { name: records.search });
  await search.fill('khong co ai');
  await page.getByText(records.emptyFilter).waitFor();
  yield { id: 'field/records-not-found', page };
  await search.fill('khai sinh');
  await page.locator('main a[href^="/records/"]').first().waitFor();
  yield { id: 'field/records-found', page };
  await follow(page, '/records/0190f0a0-0000-7000-8000-000000000001');
  await page.getByText(records.notFound).waitFor();
  yield { id: 'field/record-not-here', page };
}

/** The first record in the list that has a filing. */
async function filed(kit: TourKit, page: Page): Promise<string> {
  await follow(page, '/records');
  const card = page
    .locator('article', { hasText: kit.m.assistWords.outcomesShort.submitted })
    .locator('a[href^="/records/"]')
    .first();
  return (await card.getAttribute('href')) ?? '';
}

async function* oneRecord(kit: TourKit, page: Page): AsyncGenerator<Stop> {
  const { assistWords, controls, field, filingWords } = kit.m;
  const { records, quickLog } = field;
  const record = await filed(kit, page);
  await follow(page, record);
  yield { id: 'field/record', page };
  await page.getByText(records.history, { exact: true }).click();
  yield { id: 'field/record-history', page };
  await page.getByRole('button', { name: records.sight }).first().click();
  await page.getByRole('dialog').waitFor();
  yield { id: 'field/record-sight', page };
  await page.getByRole('button', { name: controls.cancel }).click();
  await follow(page, `${record}/edit`);
  yield { id: 'field/record-edit', page };
  await page.getByRole('textbox', { name: filingWords.code }).first().fill('G22.99.3-251122-000123');
  await page.getByRole('button', { name: quickLog.save, exact: true }).click();
  await page.getByText(field.problems.code_payment).waitFor();
  yield { id: 'field/record-edit-wrong', page };
  await fillQuickLog(kit, page, /Khai sinh/);
  await saveQuickLog(kit, page);
  await page.locator('main a[href^="/records/"]').first().click();
  await page.waitForURL('**/records/*');
  await page.getByRole('button', { name: records.void }).click();
  await page.getByRole('dialog').waitFor();
  yield { id: 'field/record-void', page };
  await page.getByRole('radio', { name: assistWords.voidReasons.entered_by_mistake }).click();
  await page.getByRole('dialog').getByRole('button', { name: records.void }).click();
  await page.getByText(assistWords.voided).first().waitFor();
  yield { id: 'field/record-voided', page };
}

async function* procedures(kit: TourKit, page: Page): AsyncGenerator<Stop> {
  const text = kit.m.field.procedures;
  await follow(page, '/procedures');
  await page.locator('main a[href^="/procedures/"]').first().waitFor();
  yield { id: 'field/procedures', page };
  const search = page.getByRole('searchbox', { name: text.search });
  await search.fill('xyzxyz');
  await page.getByText(text.empty).waitFor();
  yield { id: 'field/procedures-not-found', page };
  await search.fill('thuong tru');
  await page.locator('main a[href^="/procedures/"]').first().click();
  await page.waitForURL('**/procedures/*');
  await settled(page);
  yield { id: 'field/procedure', page };
  await follow(page, '/procedures/vneid');
  yield { id: 'field/procedure-account', page };
}

const IPHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)';
const ANDROID = 'Mozilla/5.0 (Linux; Android 13; SM-A145F) AppleWebKit/537.36 (KHTML, like Gecko)';
/** Browsers as they name themselves, each with another way to the home screen. */
const BROWSERS: Readonly<Record<string, string>> = {
  'chrome-android': `${ANDROID} Chrome/124.0 Mobile Safari/537.36`,
  samsung: `${ANDROID} SamsungBrowser/25.0 Chrome/121.0 Mobile Safari/537.36`,
  'firefox-android': 'Mozilla/5.0 (Android 13; Mobile; rv:125.0) Gecko/125.0 Firefox/125.0',
  'safari-ios': `${IPHONE} Version/17.0 Mobile/15E148 Safari/604.1`,
  'other-ios': `${IPHONE} CriOS/124.0 Mobile/15E148 Safari/604.1`,
  other: 'Mozilla/5.0 (X11; Linux x86_64; rv:125.0) Gecko/20100101 Firefox/125.0',
};

/** How the app comes to the home screen, browser by browser; last where the browser asks by itself. */
async function* installing(kit: TourKit, page: Page): AsyncGenerator<Stop> {
  const card = page.getByText(kit.m.field.me.installText);
  const devtools = await page.context().newCDPSession(page);
  for (const [name, userAgent] of Object.entries(BROWSERS)) {
    await devtools.send('Emulation.setUserAgentOverride', { userAgent });
    await page.goto(`${kit.ward.origin}/unlock`);
    await unlock(page);
    await follow(page, '/me');
    await card.scrollIntoViewIfNeeded();
    yield { id: `field/me-install-${name}`, page };
  }
  await page.evaluate(() => dispatchEvent(new Event('beforeinstallprompt', { cancelable: true })));
  await page.getByRole('button', { name: kit.m.field.me.install }).waitFor();
  yield { id: 'field/me-install-asked', page };
  await devtools.detach();
}

async function* more(kit: TourKit, page: Page): AsyncGenerator<Stop> {
  const { controls, field } = kit.m;
  const { me, team } = field;
  await follow(page, '/me');
  await page.getByRole('heading', { name: field.outbox.storage }).waitFor();
  yield { id: 'field/me', page };
  yield* installing(kit, page);
  await follow(page, '/me');
  await page.getByRole('button', { name: me.signOut }).click();
  await page.getByRole('dialog').waitFor();
  yield { id: 'field/me-sign-out', page };
  await page.getByRole('button', { name: controls.cancel }).click();
  await follow(page, '/me/pin');
  yield { id: 'field/me-pin', page };
  await follow(page, '/me/team');
  const invite = page.getByRole('button', { name: team.invite }).first();
  await invite.waitFor();
  yield { id: 'field/team', page };
  await invite.click();
  await page.getByText(team.label).waitFor();
  yield { id: 'field/team-invitation', page };
  await page.route('**/api/invitations', (route) => route.abort());
  await page.getByRole('button', { name: team.again }).click();
  await page.getByText(team.problems.offline).waitFor();
  yield { id: 'field/team-unreachable', page };
  await page.context().setOffline(true);
  await page.getByText(team.needsNetwork).first().waitFor();
  yield { id: 'field/team-offline', page };
  await page.context().setOffline(false);
}
