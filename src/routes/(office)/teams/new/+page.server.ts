import { fail } from '@sveltejs/kit';
import { can } from '$lib/domain/people/permissions.ts';
import { addPerson } from '$lib/server/people/people-commands.ts';
import { listTeams } from '$lib/server/people/people-lists.ts';
import { permitted } from '../../office-actor.server.ts';
import { peopleContext } from '../people-context.server.ts';
import { newPersonForm, readForm } from '../person-form.server.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
  const actor = await permitted(event, (who) => can(who, 'people.manage', 'ward'));
  return { teams: await listTeams(await peopleContext(), actor) };
};

export const actions: Actions = {
  default: async (event) => {
    const actor = await permitted(event, (who) => can(who, 'people.manage', 'ward'));
    const given = await readForm(event.request, newPersonForm, ['teams']);
    if (given === null) return fail(400, { problem: 'malformed', given: null });
    const login = given.login.trim() === '' ? null : given.login;
    const added = await addPerson(await peopleContext(), actor, { ...given, login });
    if (!added.ok) return fail(400, { problem: added.error.kind, given });
    return { added: { ...added.value, name: given.name.trim(), login } };
  },
};
