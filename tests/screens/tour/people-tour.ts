import type { Page } from '@playwright/test';
import { deskOf, firstLink, hydrated, openAt } from './desk-deeds.ts';
import { enrolAs } from './phone-deeds.ts';
import type { Stop, TourKit } from './stop.ts';

/** People and devices as an administrator keeps them, and signing in with a first password. */
export async function* peopleTour(kit: TourKit): AsyncGenerator<Stop> {
  const { officePeople } = kit.office;
  const context = await deskOf(kit, 'administrator');
  const page = await context.newPage();
  await openAt(kit, page, '/teams');
  yield { id: 'office/teams', page };
  const somebodysPage = await firstLink(page, '/teams/0');
  yield* devices(kit, page);
  yield* somebody(kit, page, somebodysPage);
  await openAt(kit, page, '/teams/places');
  await page.getByText(officePeople.place.addTeam).click();
  yield { id: 'office/places', page };
  const given = yield* somebodyNew(kit, page);
  await context.close();
  yield* signingIn(kit, given);
}

async function* devices(kit: TourKit, page: Page): AsyncGenerator<Stop> {
  const phone = await kit.open();
  await enrolAs(kit, await phone.newPage(), 'helper');
  await phone.close();
  await openAt(kit, page, '/teams/devices');
  yield { id: 'office/devices', page };
  await openAt(kit, page, '/teams/devices?look=stopped');
  await page.getByText(kit.office.officePeople.devices.noneFound).waitFor();
  yield { id: 'office/devices-none', page };
}

async function* somebody(kit: TourKit, page: Page, address: string): AsyncGenerator<Stop> {
  const { officePeople } = kit.office;
  await openAt(kit, page, address);
  yield { id: 'office/person', page };
  await page.getByRole('button', { name: officePeople.invite.action }).click();
  await page.getByText(officePeople.invite.label).waitFor();
  yield { id: 'office/person-invitation', page };
  await page.clock.install();
  await openAt(kit, page, address);
  await page.getByRole('button', { name: officePeople.invite.action }).click();
  await page.getByText(officePeople.invite.label).waitFor();
  await page.clock.fastForward('11:00');
  await page.getByText(officePeople.invite.over).waitFor();
  yield { id: 'office/person-invitation-over', page };
  for (const folded of [officePeople.form.changeTitle, officePeople.disable.action])
    await page.getByText(folded, { exact: true }).click();
  yield { id: 'office/person-forms', page };
}

async function* somebodyNew(
  kit: TourKit,
  page: Page,
): AsyncGenerator<Stop, { login: string; password: string }> {
  const { form, problems, login: text } = kit.office.officePeople;
  await openAt(kit, page, '/teams/new');
  yield { id: 'office/person-new', page };
  const login = `moi.${kit.locale}`;
  await page.getByRole('textbox', { name: form.name }).fill('Hoàng Thị Ngọc Ễnh Ương Trường Thượng Uyên');
  await page.getByRole('combobox', { name: form.role }).selectOption('clerk');
  await page.getByRole('textbox', { name: form.loginOptional }).fill('Không Hợp Lệ');
  await page.getByRole('button', { name: form.save }).click();
  await page.getByText(problems.login_invalid).waitFor();
  yield { id: 'office/person-new-refused', page };
  await page.getByRole('textbox', { name: form.loginOptional }).fill(login);
  await page.getByRole('button', { name: form.save }).click();
  await page.getByText(text.ready(login)).waitFor();
  yield { id: 'office/person-new-added', page };
  const password = (await page.locator('strong[translate=no]').textContent()) ?? '';
  return { login, password };
}

async function* signingIn(kit: TourKit, given: { login: string; password: string }): AsyncGenerator<Stop> {
  const { signIn, firstPassword } = kit.m.entry;
  const context = await kit.open();
  const page = await context.newPage();
  await openAt(kit, page, '/sign-in');
  yield { id: 'entry/sign-in', page };
  const attempt = async (login: string, password: string) => {
    await page.getByRole('textbox', { name: signIn.login }).fill(login);
    await page.locator('input[name=password]').fill(password);
    await page.getByRole('button', { name: signIn.submit }).click();
    await hydrated(page);
  };
  await attempt(given.login, 'không phải mật khẩu');
  await page.getByText(signIn.problems.wrong).waitFor();
  yield { id: 'entry/sign-in-wrong', page };
  await openAt(kit, page, '/sign-in?notice=over&next=%2Ffilings');
  yield { id: 'entry/sign-in-session-over', page };
  await attempt(given.login, given.password);
  await page.getByRole('heading', { name: firstPassword.title }).waitFor();
  yield { id: 'entry/first-password', page };
  await page.locator('input[name=password]').fill('ngắn');
  await page.locator('input[name=again]').fill('ngắn');
  await page.getByRole('button', { name: firstPassword.submit }).click();
  await page.getByText(firstPassword.problems.too_short).waitFor();
  yield { id: 'entry/first-password-short', page };
  await context.close();
  yield* tooManyTries(kit, given.login);
}

async function* tooManyTries(kit: TourKit, login: string): AsyncGenerator<Stop> {
  const { signIn } = kit.m.entry;
  const context = await kit.open();
  const page = await context.newPage();
  await openAt(kit, page, '/sign-in');
  const slowed = page.getByText(new RegExp(signIn.problems.too_many_tries(1).split('1')[0] ?? ''));
  for (let tries = 0; tries < 12 && (await slowed.count()) === 0; tries++) {
    await page.getByRole('textbox', { name: signIn.login }).fill(login);
    await page.locator('input[name=password]').fill(`sai lần ${tries}`);
    await page.getByRole('button', { name: signIn.submit }).click();
    await hydrated(page);
  }
  await slowed.waitFor();
  yield { id: 'entry/sign-in-too-many-tries', page };
  await context.close();
}
