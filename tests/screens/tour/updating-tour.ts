import { appInstalled } from '../../support/e2e/app-installed.ts';
import { startReleasingProxy } from '../releasing-proxy.ts';
import { enrolAs, fillQuickLog } from './phone-deeds.ts';
import { follow, type Stop, type TourKit } from './stop.ts';

/** A newer version lies ready: offered, and put off while something unsaved is on the screen. */
export async function* updatingTour(kit: TourKit): AsyncGenerator<Stop> {
  const { update } = kit.m.field;
  const proxy = await startReleasingProxy(kit.ward.port);
  const behind: TourKit = { ...kit, ward: { ...kit.ward, origin: proxy.origin } };
  const context = await kit.open();
  try {
    const page = await context.newPage();
    await enrolAs(behind, page, 'helper');
    await appInstalled(page);
    proxy.release();
    await page.evaluate(async () => {
      await (await navigator.serviceWorker.ready).update();
    });
    await page.getByText(update.ready).waitFor();
    yield { id: 'field/today-update-offered', page };
    await fillQuickLog(kit, page, /Khai sinh/);
    await page.getByRole('button', { name: update.now }).click();
    await page.getByText(update.afterDraft).waitFor();
    yield { id: 'field/quick-update-waits', page };
    await follow(page, '/today');
  } finally {
    await context.close();
    await proxy.close();
  }
}
