import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { DEMO_PIN, enterDemo, openLocked } from '../support/e2e/demo-phone.ts';
import { outboxState } from '../support/e2e/outbox-state.ts';
import { quickLog, type TestPhone, typePin } from '../support/e2e/phone.ts';
import { openWardDatabase } from '../support/ward-database.ts';
import { wardAndPhones } from '../support/e2e/ward-and-phones.ts';
import { broughtByPhones } from '../support/e2e/ward-history.ts';
import type { WardServer } from '../support/ward-server.ts';

const root = join(import.meta.dirname, '..', '..');

/** The operator's own command, as typed. */
function npmRun(ward: WardServer, ...args: readonly string[]): string {
  const env = { ...process.env, DATA_DIR: ward.dataDir };
  return execFileSync('npm', ['--silent', 'run', ...args], { cwd: root, env, encoding: 'utf8' });
}

const arrived = (page: Page) =>
  expect.poll(async () => [...new Set((await outboxState(page)).phases)]).toEqual(['arrived']);
/** As when the phone comes back into its network: the courier looks at once. */
const nudge = (page: Page) => page.evaluate(() => dispatchEvent(new Event('online')));

/** I11: the phone hears of the new epoch and is cut off at once: what the restored ward lacks is "trên máy" again. */
async function waitsAgain(phone: TestPhone): Promise<void> {
  let heard = false;
  await phone.context().route('**/api/sync', async (route) => {
    if (heard) return route.abort();
    heard = true;
    await route.continue();
  });
  await nudge(phone.page());
  await expect
    .poll(async () => (await outboxState(phone.page())).phases.filter((phase) => phase === 'unsent').length)
    .toBe(2);
  await phone.context().unroute('**/api/sync');
}

async function logOne(page: Page): Promise<string> {
  await quickLog(page, /VNeID/);
  await page.getByRole('link', { name: 'Về Hôm nay' }).click();
  return (await page.locator('main a[href^="/records/"]').first().getAttribute('href')) ?? '';
}

async function openRecord(page: Page, record: string): Promise<void> {
  await page.locator('nav a[href="/records"]').click();
  await page.locator(`main a[href="${record}"]`).click();
  await page.getByRole('link', { name: 'Sửa' }).waitFor();
}

async function editOutcome(page: Page, record: string, outcome: string): Promise<void> {
  await openRecord(page, record);
  await page.getByRole('link', { name: 'Sửa' }).click();
  await page.getByLabel('Kết quả').selectOption(outcome);
  await page.getByRole('button', { name: 'Lưu', exact: true }).click();
  await page.waitForURL(`**${record}`);
}

/** Hôm nay says that the ward was restored though nothing waits; put away, it is said no more, on Chờ gửi neither. */
async function toldOnce(page: Page): Promise<void> {
  const news = page.getByText(/^Máy chủ của phường khôi phục dữ liệu lúc/);
  await page.locator('nav a[href="/today"]').click();
  await expect(news).toBeVisible();
  await page.getByRole('button', { name: 'Ẩn thông báo' }).click();
  await expect(news).toHaveCount(0);
  await page.locator('main a[href="/outbox"]').click();
  await expect(page.getByText(/^Lần gửi được gần nhất/)).toBeVisible();
  await expect(news).toHaveCount(0);
  await page.locator('nav a[href="/today"]').click();
}

/** What the ward holds of the phones' work: rows by id, the values of the contested field, and each mutation's times. */
async function wardHolds(ward: WardServer, record: string) {
  const brought = await broughtByPhones(ward.dataDir);
  const database = openWardDatabase(ward.dataDir);
  try {
    const assists = await database.pool<{ id: string }[]>`
      select distinct r.row_id as id from mutation_row r join mutation m on m.mutation_id = r.mutation_id
      join replica p on p.replica_id = m.replica_id where p.kind = 'phone' and r.kind = 'assist' order by 1`;
    const [contested] = await database.pool<{ standing: string; clashes: { value: string }[] }[]>`
      select body #>> '{fields,outcome}' as standing, body -> 'clashes' as clashes
      from assist where id = ${record.split('/').at(-1) ?? ''}`;
    const [{ epoch } = { epoch: '' }] = await database.pool<{ epoch: string }[]>`
      select epoch_id as epoch from epoch order by place desc limit 1`;
    return {
      mutations: brought.map(({ id }) => id).sort(),
      assists: assists.map(({ id }) => id),
      values: [contested?.standing, ...(contested?.clashes ?? []).map(({ value }) => value)].sort(),
      epoch,
    };
  } finally {
    await database.close();
  }
}

test.describe('I8 I2 I5 R11 an older backup is restored, and two phones come back', () => {
  const here = wardAndPhones({ phones: [{}, {}] });

  test('what the backup lacks comes back from them, a field edited by both is a clash again, nothing is lost or doubled', async () => {
    const { ward } = here;
    const [phone, other] = here.phones as [TestPhone, TestPhone];
    const [helper, lead] = [phone.page(), other.page()];
    await enterDemo(helper, ward.origin, /^Tổ viên/);
    await enterDemo(lead, ward.origin, /^Tổ trưởng/);
    const record = await logOne(helper);
    await arrived(helper);
    await nudge(lead);
    await openRecord(lead, record);

    const backups = join(ward.dataDir, 'kept-apart');
    npmRun(ward, 'backup', '--', '--to', backups);
    const [taken] = readdirSync(backups).filter((name) => name !== 'register.json');

    // After the backup: another visit; and both edit one field of the first, the lead with no signal.
    await logOne(helper);
    await other.context().setOffline(true);
    await editOutcome(lead, record, 'appointment');
    await editOutcome(helper, record, 'handed_over');
    await arrived(helper);
    await other.context().setOffline(false);
    await nudge(lead);
    await arrived(lead);
    const before = await wardHolds(ward, record);
    expect(before.mutations).toHaveLength(4);
    expect(before.values).toEqual(['appointment', 'handed_over']);

    // The disk dies; yesterday's backup is all there is. The lead's phone is off meanwhile.
    await other.kill();
    await ward.kill();
    npmRun(ward, 'restore', '--', join(backups, taken ?? 'none'), '--yes');
    await ward.start();
    const restored = await wardHolds(ward, record);
    expect(restored.epoch).not.toBe(before.epoch);

    // One phone comes back by itself, unlocked; the other is opened, and delivers before anybody unlocks it.
    await waitsAgain(phone);
    await nudge(helper);
    const reopened = await other.open(false);
    await openLocked(reopened, ward.origin);
    await expect.poll(async () => (await wardHolds(ward, record)).mutations).toEqual(before.mutations);
    await typePin(reopened, DEMO_PIN);
    await reopened.waitForURL('**/today');
    for (const page of [helper, reopened]) {
      await arrived(page);
      await toldOnce(page);
    }

    const after = await wardHolds(ward, record);
    expect(after.mutations).toEqual(before.mutations);
    expect(after.assists).toEqual(before.assists);
    expect(after.values).toEqual(before.values);
    for (const page of [helper, reopened]) {
      await nudge(page);
      await openRecord(page, record);
      await expect(page.getByText(/^Hai người sửa khác nhau/)).toBeVisible();
      await page.locator('nav a[href="/today"]').click();
    }
  });
});
