import type { Page } from '@playwright/test';
import { appInstalled } from '../../support/e2e/app-installed.ts';
import { invitationOf } from '../../support/e2e/demo-people.ts';
import { typePin } from '../../support/e2e/phone.ts';
import { enrolAs } from './phone-deeds.ts';
import { settled, type Stop, type TourKit } from './stop.ts';

const ZALO =
  'Mozilla/5.0 (Linux; Android 13; SM-A145F) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/124.0 Mobile Safari/537.36 Zalo android/24.05';

/** The first page and receiving a phone, with everything that can go wrong on the way. */
export async function* enteringTour(kit: TourKit): AsyncGenerator<Stop> {
  yield* firstPage(kit);
  yield* receiving(kit);
  yield* elsewhere(kit);
}

async function* firstPage(kit: TourKit): AsyncGenerator<Stop> {
  const context = await kit.open();
  const page = await context.newPage();
  let answer = (): void => undefined;
  const asked = new Promise<void>((resolve) => (answer = resolve));
  await page.route('**/api/entry', async (route) => {
    await asked;
    await route.continue();
  });
  await page.goto(kit.ward.origin);
  await page.locator('h1').waitFor();
  yield { id: 'enter/first-asking', page };
  answer();
  await page.getByText(kit.m.entering.first.demoTitle).waitFor();
  yield { id: 'enter/first', page };
  await page.unroute('**/api/entry');
  await appInstalled(page);
  await context.setOffline(true);
  await page.goto(kit.ward.origin);
  await page.getByText(kit.m.entering.first.offlineTitle).waitFor();
  yield { id: 'enter/first-offline', page };
  await context.close();
}

async function* receiving(kit: TourKit): AsyncGenerator<Stop> {
  const { enrol, pin } = kit.m.entering;
  const context = await kit.open();
  const page = await context.newPage();
  await page.goto(`${kit.ward.origin}/enrol`);
  const code = page.getByRole('textbox', { name: enrol.code });
  const next = page.getByRole('button', { name: enrol.next });
  const saying = (words: string) => page.getByText(words).waitFor();
  await code.waitFor();
  yield { id: 'enter/enrol', page };
  await code.fill('ABC');
  await next.click();
  await saying(enrol.problems.malformed);
  yield { id: 'enter/enrol-short-code', page };
  await code.fill('22222 33333');
  await next.click();
  await saying(enrol.problems.unknown_code);
  yield { id: 'enter/enrol-wrong-code', page };
  await page.route('**/api/enrol', (route) =>
    route.fulfill({ status: 410, json: { problem: 'expired_code', retryAfter: null } }),
  );
  await next.click();
  await saying(enrol.problems.expired_code);
  yield { id: 'enter/enrol-expired', page };
  await page.unroute('**/api/enrol');
  await context.setOffline(true);
  await next.click();
  await saying(enrol.problems.offline);
  yield { id: 'enter/enrol-offline', page };
  await context.setOffline(false);
  await page.getByRole('button', { name: enrol.scan }).click();
  await page.getByText(new RegExp(`${enrol.cameraMissing}|${enrol.cameraDenied}`)).waitFor();
  yield { id: 'enter/enrol-no-camera', page };
  const invitation = await invitationOf(page, 'helper');
  await page.goto('about:blank');
  await page.goto(`${kit.ward.origin}/enrol#${invitation}`);
  await page.getByRole('heading', { name: pin.choose }).waitFor();
  yield { id: 'enter/pin-choose', page };
  await typePin(page, '123456');
  await saying(pin.weak);
  yield { id: 'enter/pin-weak', page };
  await page.getByRole('button', { name: pin.chooseOther }).click();
  await typePin(page, '482615');
  await saying(pin.again);
  yield { id: 'enter/pin-again', page };
  await typePin(page, '739150');
  await saying(pin.differ);
  yield { id: 'enter/pin-differ', page };
  await context.close();
}

/** Places where a phone cannot be received. */
async function* elsewhere(kit: TourKit): AsyncGenerator<Stop> {
  const { first, inApp, enrol } = kit.m.entering;
  const zalo = await kit.open({ userAgent: ZALO, permissions: ['clipboard-read', 'clipboard-write'] });
  const inZalo = await zalo.newPage();
  await inZalo.goto(`${kit.ward.origin}/enrol`);
  await inZalo.getByRole('heading', { name: inApp.title }).waitFor();
  yield { id: 'enter/in-app', page: inZalo };
  await inZalo.getByRole('button', { name: inApp.copy }).click();
  await inZalo.getByText(inApp.copied).waitFor();
  yield { id: 'enter/in-app-copied', page: inZalo };
  await zalo.close();

  const plain = await kit.open({ serviceWorkers: 'block' });
  const insecure = await plain.newPage();
  await insecure.route('http://phuong.test/**', async (route) => {
    const { pathname, search } = new URL(route.request().url());
    try {
      const url = kit.ward.origin + pathname + search;
      await route.fulfill({ response: await route.fetch({ url, maxRetries: 5 }) });
    } catch {
      // Asked for by a page that has been left meanwhile.
    }
  });
  await insecure.goto('http://phuong.test/');
  await insecure.getByText(first.insecureTitle).waitFor();
  await settled(insecure);
  yield { id: 'enter/first-insecure', page: insecure };
  await insecure.goto('http://phuong.test/enrol');
  await insecure.getByRole('heading', { name: first.insecureTitle }).waitFor();
  yield { id: 'enter/enrol-insecure', page: insecure };
  await plain.close();

  const secret = await kit.open();
  await secret.addInitScript(() => Reflect.deleteProperty(globalThis, 'indexedDB'));
  const storeless = await secret.newPage();
  await storeless.goto(`${kit.ward.origin}/enrol`);
  await storeless.getByText(enrol.privateMode).waitFor();
  yield { id: 'enter/enrol-private-window', page: storeless };
  await secret.close();
}

/** A phone that was received before: the way in, and the lock in every state. */
export async function* unlockingTour(kit: TourKit): AsyncGenerator<Stop> {
  const { first, unlock } = kit.m.entering;
  const known = await kit.open();
  const page = await known.newPage();
  await enrolAs(kit, page, 'helper');
  await page.goto(kit.ward.origin);
  await page.getByRole('link', { name: first.openToday }).waitFor();
  yield { id: 'enter/first-known', page };
  await page.goto(`${kit.ward.origin}/unlock`);
  await page.getByRole('button', { name: '1', exact: true }).waitFor();
  yield { id: 'enter/unlock', page };
  await page.getByRole('button', { name: unlock.otherPerson }).click();
  await page.getByText(unlock.people).waitFor();
  yield { id: 'enter/unlock-people', page };
  await page.getByRole('link', { name: unlock.forgot }).click();
  await page.getByText(unlock.forgotText).waitFor();
  yield { id: 'enter/enrol-forgot', page };
  await page.goto(`${kit.ward.origin}/unlock`);
  await page.clock.install();
  await typePin(page, '739150');
  await page.getByText(unlock.wrong).waitFor();
  yield { id: 'enter/unlock-wrong-pin', page };
  yield* wrongPins(kit, page);
  await known.close();
}

/** Wrong PIN after wrong PIN, the phone's clock moved on over the waits. */
async function* wrongPins(kit: TourKit, page: Page): AsyncGenerator<Stop> {
  const { unlock } = kit.m.entering;
  for (let wrong = 2; wrong <= 10; wrong++) {
    await page.clock.fastForward('10:00');
    await page.reload();
    await page.getByRole('button', { name: '1', exact: true }).waitFor();
    await typePin(page, '739150');
    if (wrong === 10) break;
    await page.getByText(unlock.wrong).waitFor();
    if (wrong === 7) yield { id: 'enter/unlock-wait', page };
  }
  await page.getByText(unlock.exhausted).waitFor();
  yield { id: 'enter/unlock-spent', page };
}
