import type { Page } from '@playwright/test';
import { enrolAs, fillQuickLog, saveQuickLog } from './phone-deeds.ts';
import { follow, type Stop, type TourKit } from './stop.ts';

/** Hôm nay and Ghi nhanh: blank, half done, wrong, refused by the phone, saved, unfinished. */
export async function* loggingTour(kit: TourKit): AsyncGenerator<Stop> {
  const { field } = kit.m;
  const context = await kit.open();
  const page = await context.newPage();
  await enrolAs(kit, page, 'helper');
  yield { id: 'field/today-nothing-yet', page };
  await follow(page, '/assist/quick');
  yield { id: 'field/quick', page };
  yield* findingASubject(kit, page);
  yield* outcomes(kit, page);
  yield* details(kit, page);
  await follow(page, '/today');
  await page.getByText(field.today.draft).waitFor();
  yield { id: 'field/today-draft', page };
  await page.getByRole('button', { name: field.today.draftDrop }).click();
  await page.getByText(field.today.draftDropSure).waitFor();
  yield { id: 'field/today-draft-drop', page };
  await page.getByRole('button', { name: field.today.draftDrop }).click();
  await fillQuickLog(kit, page, /Khai sinh/);
  yield { id: 'field/quick-ready', page };
  yield* fullDisk(kit, page);
  await saveQuickLog(kit, page);
  await page.getByRole('button', { name: kit.m.controls.undo }).waitFor();
  yield { id: 'field/saved', page };
  await page.getByRole('link', { name: field.quickLog.finish }).click();
  await page.waitForURL('**/today');
  await page.locator('main a[href^="/records/"]').first().waitFor();
  yield { id: 'field/today', page };
  await context.close();
}

/** The phone has no room left; then it has again. */
async function* fullDisk(kit: TourKit, page: Page): AsyncGenerator<Stop> {
  const { field } = kit.m;
  await page.evaluate(() => {
    const { put, add } = Object.getOwnPropertyDescriptors(IDBObjectStore.prototype);
    const full = () => {
      throw new DOMException('no room', 'QuotaExceededError');
    };
    Object.assign(IDBObjectStore.prototype, { put: full, add: full });
    addEventListener('roomy', () => Object.defineProperties(IDBObjectStore.prototype, { put, add }), {
      once: true,
    });
  });
  await page.getByRole('button', { name: field.quickLog.save, exact: true }).click();
  await page.getByText(field.quickLog.notSaved.quota).waitFor();
  yield { id: 'field/quick-disk-full', page };
  await page.evaluate(() => dispatchEvent(new Event('roomy')));
}

async function* findingASubject(kit: TourKit, page: Page): AsyncGenerator<Stop> {
  const { procedures, quickLog } = kit.m.field;
  await page.getByRole('radio', { name: quickLog.all }).click();
  const search = page.getByRole('searchbox', { name: procedures.search });
  await search.waitFor();
  yield { id: 'field/quick-find', page };
  await search.fill('xyzxyz');
  await page.getByText(procedures.empty).waitFor();
  yield { id: 'field/quick-find-nothing', page };
  await search.fill('ket hon');
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /kết hôn/i })
    .first()
    .click();
}

async function* outcomes(kit: TourKit, page: Page): AsyncGenerator<Stop> {
  const { assistWords, field } = kit.m;
  const { quickLog } = field;
  await page.getByRole('button', { name: quickLog.save, exact: true }).click();
  yield { id: 'field/quick-missing', page };
  await page.getByRole('radio', { name: quickLog.more }).click();
  await page.getByRole('radio', { name: assistWords.outcomes.not_possible }).click();
  yield { id: 'field/quick-not-possible', page };
  await page.getByRole('radio', { name: assistWords.outcomes.account_step }).click();
  yield { id: 'field/quick-account-step', page };
  await page.getByRole('radio', { name: quickLog.filed }).click();
  await page.getByRole('radio', { name: assistWords.typedBy.resident, exact: true }).click();
  await page.getByRole('radio', { name: assistWords.channels.door, exact: true }).click();
  await page.getByRole('textbox', { name: quickLog.code }).fill('G22.99.3-251122-000123');
  await page.getByRole('button', { name: quickLog.save, exact: true }).click();
  await page.getByText(field.problems.code_payment).waitFor();
  yield { id: 'field/quick-payment-code', page };
}

async function* details(kit: TourKit, page: Page): AsyncGenerator<Stop> {
  const { assistWords, field } = kit.m;
  const { quickLog } = field;
  await page.getByText(quickLog.details, { exact: true }).click();
  await page.getByRole('radio', { name: quickLog.consentHowNames.spoken }).click();
  yield { id: 'field/quick-details', page };
  const note = page.getByRole('textbox', { name: assistWords.fields.note });
  await note.fill('Bà con đọc mã OTP là 482913, nhờ ghi lại giúp.');
  await page.getByText(field.problems.forbidden).waitFor();
  yield { id: 'field/quick-forbidden-note', page };
  await note.fill('Bà con kể rất dài. '.repeat(110));
  await page.getByRole('textbox', { name: assistWords.fields.residentName }).fill('Nguyễn Thị Ễ'.repeat(12));
  await page.getByRole('textbox', { name: quickLog.when }).fill('31/12/2031');
  await page.getByRole('button', { name: quickLog.save, exact: true }).click();
  await page.getByText(field.problems.in_future).waitFor();
  yield { id: 'field/quick-too-long-and-wrong', page };
}
