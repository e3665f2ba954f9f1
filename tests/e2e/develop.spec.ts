import { expect, test } from '@playwright/test';
import { ready } from '../../scripts/operator-messages.mjs';
import { enrolDemo } from '../support/e2e/demo-phone.ts';
import { wardAndPhones } from '../support/e2e/ward-and-phones.ts';

test.describe('npm run dev', () => {
  const here = wardAndPhones({ ward: { command: 'dev', fresh: true } });

  test('the demo ward is served from the sources, a phone enrols, and Ctrl-C leaves nothing behind', async () => {
    const { ward, phone } = here;
    expect(ward.said()).toContain(ready.here(ward.origin));
    const page = phone.page();
    await page.goto(ward.origin);
    await expect(page.getByText('DỮ LIỆU MẪU').first()).toBeVisible();
    await enrolDemo(page, ward.origin, 'helper', '482615');
    await expect(page.getByRole('heading').first()).toBeVisible();
    await ward.stop();
    await expect(fetch(ward.origin)).rejects.toThrow();
  });
});
