import { deskOf, openAt } from './desk-deeds.ts';
import type { Stop, TourKit } from './stop.ts';

/** Cần xử lý with something to decide: after two people have changed one record while apart (the delivering tour). */
export async function* clashTour(kit: TourKit): AsyncGenerator<Stop> {
  const { officeAttention } = kit.office;
  const context = await deskOf(kit, 'ward_leader');
  const page = await context.newPage();
  await openAt(kit, page, '/attention');
  await page.getByText(officeAttention.clashesText).waitFor();
  yield { id: 'office/attention-clash', page };
  await page.getByRole('button', { name: officeAttention.confirm }).first().click();
  await page.getByText(officeAttention.chooseFirst).waitFor();
  yield { id: 'office/attention-choose-first', page };
  await page.getByRole('radio').first().click();
  await page.getByRole('button', { name: officeAttention.confirm }).first().click();
  await page.getByText(officeAttention.settled).waitFor();
  await page.getByText(officeAttention.clashesText).waitFor({ state: 'detached' });
  yield { id: 'office/attention-settled', page };
  await context.close();
}
