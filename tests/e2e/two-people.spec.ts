import { expect, type Page, test } from '@playwright/test';
import { appInstalled } from '../support/e2e/app-installed.ts';
import { enrolDemo } from '../support/e2e/demo-phone.ts';
import { outboxState } from '../support/e2e/outbox-state.ts';
import { lockNow, quickLog, typePin } from '../support/e2e/phone.ts';
import { wardAndPhones } from '../support/e2e/ward-and-phones.ts';

const PINS = { helper: '482615', lead: '739150' } as const;

/** Logs offline as who is in front and goes back to Hôm nay. */
async function logOne(page: Page, subject: RegExp): Promise<void> {
  await quickLog(page, subject);
  await page.getByRole('link', { name: 'Về Hôm nay' }).click();
  await expect(page.getByText('Còn 1 lượt chưa gửi').first()).toBeVisible();
}

test.describe('A2 I1 I7 two people on one phone', () => {
  const here = wardAndPhones();

  test('each sees only their own; signed out, locked and with the session gone, both are delivered', async () => {
    const { ward, phone } = here;
    const page = phone.page();
    await enrolDemo(page, ward.origin, 'helper', PINS.helper);
    await enrolDemo(page, ward.origin, 'team_lead', PINS.lead);
    await appInstalled(page);

    // No signal. The lead logs, the helper takes the phone over and logs too.
    await phone.context().setOffline(true);
    await logOne(page, /Khai sinh/);
    await lockNow(page);
    const [lead] = (await page.locator('h1').textContent())?.split(',').reverse() ?? [];
    await page.getByRole('main').getByRole('listitem').getByRole('button').first().click();
    await expect(page.locator('h1')).not.toContainText(lead ?? '?');
    // The other one's PIN does not open this vault.
    await typePin(page, PINS.lead);
    await page.getByText('PIN chưa đúng.').waitFor();
    await expect(page.getByText(/Đợi \d+ giây/)).toHaveCount(0);
    await typePin(page, PINS.helper);
    await page.waitForURL(/\/(today|me)$/);
    await page.locator('nav a[href="/today"]').click();
    await expect(page.getByText(/Còn \d+ lượt chưa gửi/)).toHaveCount(0);
    await logOne(page, /VNeID/);

    // The helper leaves for good; the session cookie is gone as well.
    await page.locator('nav a[href="/me"]').click();
    await page.getByRole('button', { name: 'Thoát trên máy này' }).click();
    await expect(page.getByText('Lượt chưa gửi vẫn ở lại và máy vẫn tự gửi.')).toBeVisible();
    await page.getByRole('dialog').getByRole('button', { name: 'Thoát trên máy này' }).click();
    await page.waitForURL((url) => url.pathname !== '/me');
    expect((await outboxState(page)).phases).toEqual(['unsent', 'unsent']);
    await phone.context().clearCookies();

    // The signal returns; nobody unlocks anything.
    await phone.context().setOffline(false);
    await expect.poll(async () => (await outboxState(page)).phases).toEqual(['arrived', 'arrived']);

    // Only the lead is offered; the record is there as arrived, and a new session has come by itself.
    await page.goto(`${ward.origin}/unlock`);
    await expect(page.locator('h1')).toContainText(lead ?? '?');
    await typePin(page, PINS.lead);
    await page.waitForURL('**/today');
    await expect(page.getByText('Đã về phường').first()).toBeVisible();
    await expect(page.getByText('Khai sinh').first()).toBeVisible();
  });
});
