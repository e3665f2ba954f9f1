import { expect, test } from '@playwright/test';
import type { Locale } from '../../src/lib/messages/locale.ts';
import { wardAndPhones } from '../support/e2e/ward-and-phones.ts';
import { inspectStop } from './inspect-stop.ts';
import { TOURS } from './tour/all-tours.ts';
import { tourKit } from './tour/stop.ts';

/** Every screen and state of one language, in every theme, at every size. Two files call it, so that two can run at once. */
export function lookAtEverything(locale: Locale): void {
  // Recording every step costs more than looking at the pages does.
  test.use({ trace: 'off' });
  const here = wardAndPhones({ ward: { env: { DESIGN_GALLERY: '1' } }, phones: [] });

  for (const [name, tour] of Object.entries(TOURS)) {
    test(`E2 E3 E4 E5 ${name} in ${locale}: axe, three themes, phone and desk, 200 % at 320 px`, async ({
      browser,
    }) => {
      const kit = tourKit(browser, here.ward, locale);
      const faults: string[] = [];
      try {
        for await (const stop of tour(kit)) faults.push(...(await inspectStop(stop)));
      } finally {
        // Also where the walk broke off: what had been seen until then.
        expect.soft(faults).toEqual([]);
        await kit.close();
      }
    });
  }
}
