import { fail, type RequestEvent } from '@sveltejs/kit';
import { can } from '$lib/domain/people/permissions.ts';
import type { Actor } from '$lib/domain/people/roles.ts';
import { type PersonId, personIdSchema } from '$lib/domain/record/ids.ts';
import { appContext } from '$lib/server/app-context.ts';
import type { GrantEnd } from '$lib/server/auth/grant-rows.ts';
import { inviteDevice } from '$lib/server/auth/invitation.ts';
import { revokeDevice } from '$lib/server/auth/revoke-device.ts';
import { changePerson } from '$lib/server/people/people-commands.ts';
import { listPeople, type PersonInList } from '$lib/server/people/people-lists.ts';
import { resetLogin } from '$lib/server/people/reset-login.ts';
import { permitted } from '../../office-actor.server.ts';
import { peopleContext } from '../people-context.server.ts';
import {
  changedPersonForm,
  deviceForm,
  disableForm,
  enableForm,
  loginForm,
  readForm,
} from '../person-form.server.ts';
import { changedFields, type ShownFields, shownStamps } from '../shown-fields.ts';

type PersonEvent = RequestEvent<{ id: string }>;

/** Whom the page is about; null for an address that names nobody. */
function personOf(event: PersonEvent): PersonId | null {
  const read = personIdSchema.safeParse(event.params.id);
  return read.success ? read.data : null;
}

const refused = (problem: string) => fail(problem === 'not_allowed' ? 403 : 400, { problem });

/** The code is shown once, in this answer, and lies nowhere in the clear. */
export async function invite(event: PersonEvent) {
  const actor = await permitted(
    event,
    (who) => can(who, 'device.invite', 'own') || can(who, 'device.invite', 'ward'),
  );
  const person = personOf(event);
  if (person === null) return refused('unknown_person');
  const context = await appContext();
  const made = await inviteDevice(context, actor, person);
  if (!made.ok) return refused(made.error.kind);
  return { invitation: { ...made.value, origin: context.settings.publicOrigin ?? event.url.origin } };
}

export async function revoke(event: PersonEvent) {
  const actor = await permitted(
    event,
    (who) => can(who, 'device.revoke', 'own') || can(who, 'device.revoke', 'ward'),
  );
  const [person, given] = [personOf(event), await readForm(event.request, deviceForm)];
  if (person === null || given === null) return refused('malformed');
  const revoked = await revokeDevice(await appContext(), actor, { person, device: given.device });
  return revoked.ok ? { done: 'revoked' as const } : refused(revoked.error.kind);
}

const manager = (event: PersonEvent) => permitted(event, (who) => can(who, 'people.manage', 'ward'));

type Wanted = Partial<Pick<PersonInList, 'name' | 'role' | 'teams' | 'active'>>;

/** Saves on the stamps the form was rendered with: what somebody else changed meanwhile becomes a clash, never a loss. */
async function save(
  actor: Actor,
  person: PersonId,
  asked: { readonly wanted: Wanted; readonly shown: ShownFields; readonly ending?: GrantEnd },
) {
  const context = await peopleContext();
  const known = (await listPeople(context, actor)).some((one) => one.person === person);
  if (!known) return refused('unknown_person');
  const { wanted, shown, ...ending } = asked;
  const fields = changedFields(wanted, shown);
  if (Object.keys(fields).length === 0) return { done: 'saved' as const };
  const saved = await changePerson(context, actor, {
    ...fields,
    ...ending,
    person,
    shown: shownStamps(shown),
  });
  if (!saved.ok) return refused(saved.error.kind);
  return { done: saved.value.clashed ? ('clashed' as const) : ('saved' as const) };
}

export async function change(event: PersonEvent) {
  const actor = await manager(event);
  const [person, given] = [personOf(event), await readForm(event.request, changedPersonForm, ['teams'])];
  if (person === null || given === null) return refused('malformed');
  const { shown, name, role, teams } = given;
  return save(actor, person, { wanted: { name, role, teams: [...teams].sort() }, shown });
}

export async function disable(event: PersonEvent) {
  const actor = await manager(event);
  const [person, given] = [personOf(event), await readForm(event.request, disableForm)];
  if (person === null || given === null) return refused('malformed');
  return save(actor, person, { ...given, wanted: { active: false } });
}

export async function enable(event: PersonEvent) {
  const actor = await manager(event);
  const [person, given] = [personOf(event), await readForm(event.request, enableForm)];
  if (person === null || given === null) return refused('malformed');
  return save(actor, person, { ...given, wanted: { active: true } });
}

export async function resetPassword(event: PersonEvent) {
  const actor = await manager(event);
  const [person, given] = [personOf(event), await readForm(event.request, loginForm)];
  if (person === null || given === null) return refused('malformed');
  const reset = await resetLogin(await appContext(), actor, person, given.login);
  return reset.ok ? { password: reset.value } : refused(reset.error.kind);
}
