import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { wardAndPhones } from '../support/e2e/ward-and-phones.ts';
import { axeFaults } from './axe-faults.ts';
import { sidewaysFaults } from './layout-faults.ts';
import { unroll } from './looks.ts';
import { TOURS } from './tour/all-tours.ts';
import { PHONE, type TourKit, tourKit } from './tour/stop.ts';

/**
 * The short look, a part of `npm test`: each route once, in one language and theme, so that the long one
 * (`npm run screens`) cannot rot unseen. Which walk passes by which routes: it is left when it has.
 */
const WALKS: Readonly<Record<string, readonly string[]>> = {
  unlocking: ['/', '/unlock', '/enrol'],
  logging: ['/today', '/assist/quick'],
  records: ['/records/[id]/edit', '/procedures/[id]', '/me/pin', '/me/team'],
  delivering: ['/outbox'],
  office: ['/filings', '/filings/[id]', '/assists/[id]', '/attention', '/welcome'],
  people: [
    '/teams',
    '/teams/[id]',
    '/teams/devices',
    '/teams/new',
    '/teams/places',
    '/sign-in',
    '/first-password',
  ],
  gallery: ['/design', '/design/[screen]'],
};
const routes = join(import.meta.dirname, '..', '..', 'src', 'routes');

/** Every page of the application as a pattern of its address: `/records/[id]/edit`. */
function everyRoute(): readonly string[] {
  return readdirSync(routes, { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => file.endsWith('+page.svelte'))
    .map((file) => `/${file}`.replace(/\/\([^/]+\)/g, '').replace(/\/\+page\.svelte$/, '') || '/')
    .sort();
}

/** Which route an address belongs to: the one with the fewest places left open. */
function routeOf(pathname: string): string | undefined {
  const fits = everyRoute().filter((route) =>
    new RegExp(`^${route.replaceAll(/\[[^\]]+\]/g, '[^/]+')}$`).test(pathname),
  );
  return fits.sort((a, b) => a.split('[').length - b.split('[').length)[0];
}

/** "DỮ LIỆU MẪU", on every page of a demo; the gallery shows building blocks and no data. */
async function wearsBand(page: Page, { m }: TourKit): Promise<boolean> {
  if (new URL(page.url()).pathname.startsWith('/design')) return true;
  return page.getByText(m.demo.band, { exact: true }).first().isVisible();
}

/** Drawn for nobody: the worker's empty frame, and a page that only forwards. */
const NEVER_SEEN = ['/shell', '/sign-out'];

test.use({ trace: 'off' });
const here = wardAndPhones({ ward: { env: { DESIGN_GALLERY: '1' } }, phones: [] });

test('E2 E3 each route is looked at once: axe finds nothing, nothing runs off a phone, it says DỮ LIỆU MẪU', async ({
  browser,
}) => {
  const kit = tourKit(browser, here.ward, 'vi');
  const seen = new Set<string>();
  const faults: string[] = [];
  try {
    for (const [name, passes] of Object.entries(WALKS)) {
      for await (const { id, page } of TOURS[name]!(kit)) {
        const route = routeOf(new URL(page.url()).pathname);
        if (route === undefined || seen.has(route)) continue;
        seen.add(route);
        await unroll(page, PHONE);
        const found = [...(await axeFaults(page)), ...(await sidewaysFaults(page))];
        if (!(await wearsBand(page, kit))) found.push(`${route} does not say that its data are invented`);
        await page.setViewportSize(PHONE);
        faults.push(...found.map((fault) => `${id} ${fault}`));
        if (passes.every((one) => seen.has(one))) break;
      }
    }
  } finally {
    await kit.close();
  }
  expect(faults).toEqual([]);
  expect(everyRoute().filter((route) => !seen.has(route) && !NEVER_SEEN.includes(route))).toEqual([]);
});
