import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from '@playwright/test';
import { appInstalled } from '../support/e2e/app-installed.ts';
import { wardAndPhones } from '../support/e2e/ward-and-phones.ts';
import { deskOf, openAt } from './tour/desk-deeds.ts';
import { enrolAs, fillQuickLog, saveQuickLog } from './tour/phone-deeds.ts';
import { follow, type TourKit, tourKit } from './tour/stop.ts';

/** `npm run sheet -- --tour readme`: the README's picture, a phone without a network beside the office that it reports to. */
const wanted = process.env['SHEET_TOUR'] === 'readme';
const file = join(import.meta.dirname, '..', '..', 'docs', 'pictures', 'phone-and-office.png');

test.use({ trace: 'off' });
test.skip(!wanted, 'only on wish: the picture stands in the repository');

const here = wardAndPhones({ phones: [] });

const asSource = (picture: Buffer) => `data:image/png;base64,${picture.toString('base64')}`;

/** One visit has reached the ward, one waits for a network. */
async function phonePicture(kit: TourKit): Promise<Buffer> {
  const context = await kit.open({ deviceScaleFactor: 1.5, viewport: { width: 360, height: 700 } });
  const page = await context.newPage();
  const { delivered, unsent } = kit.m.states;
  await enrolAs(kit, page, 'helper');
  await appInstalled(page);
  await fillQuickLog(kit, page, /Khai sinh/);
  await saveQuickLog(kit, page);
  await follow(page, '/today');
  await page.getByText(delivered('phường')).first().waitFor();
  await context.setOffline(true);
  await fillQuickLog(kit, page, /thường trú/);
  await saveQuickLog(kit, page);
  await follow(page, '/today');
  await page.getByText(unsent(1)).waitFor();
  return page.screenshot();
}

async function officePicture(kit: TourKit): Promise<Buffer> {
  const context = await deskOf(kit, 'ward_leader');
  const page = await context.newPage();
  await page.setViewportSize({ width: 1280, height: 800 });
  await openAt(kit, page, '/filings');
  return page.screenshot();
}

test('E4 the README’s picture, from the screens themselves', async ({ browser }) => {
  const kit = tourKit(browser, here.ward, 'vi');
  try {
    const phone = await phonePicture(kit);
    const office = await officePicture(kit);
    const page = await browser.newPage({ viewport: { width: 1280, height: 660 } });
    await page.setContent(`<style>
      body{margin:0;background:#e9e5da;height:660px;position:relative;overflow:hidden}
      img{display:block}
      .office{position:absolute;left:290px;top:44px;border-radius:12px;overflow:hidden;box-shadow:0 12px 40px #0b254540}
      .office img{width:960px}
      .phone{position:absolute;left:30px;top:36px;border:9px solid #17202e;border-radius:34px;overflow:hidden;box-shadow:0 12px 40px #0b254566}
      .phone img{width:290px}
    </style><div class="office"><img src="${asSource(office)}"></div><div class="phone"><img src="${asSource(phone)}"></div>`);
    mkdirSync(join(file, '..'), { recursive: true });
    await page.screenshot({ path: file });
    await page.close();
  } finally {
    await kit.close();
  }
});
