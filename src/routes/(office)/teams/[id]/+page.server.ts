import { error } from '@sveltejs/kit';
import { can } from '$lib/domain/people/permissions.ts';
import { appContext } from '$lib/server/app-context.ts';
import { listPeople, listTeams } from '$lib/server/people/people-lists.ts';
import { permitted } from '../../office-actor.server.ts';
import type { Actions, PageServerLoad } from './$types';
import { shownFields } from '../shown-fields.ts';
import { change, disable, enable, invite, resetPassword, revoke } from './person-actions.server.ts';

export const load: PageServerLoad = async (event) => {
  event.depends('office:ward');
  await event.parent();
  const actor = await permitted(event, (who) => can(who, 'people.read', 'ward'));
  const context = await appContext();
  const person = (await listPeople(context, actor)).find(({ person: id }) => id === event.params.id);
  if (person === undefined) error(404, 'not_found');
  const { stamps, clashes: _clashes, ...facts } = person;
  const { name, role, active } = person;
  const teams = [...person.teams].sort();
  return {
    person: { ...facts, shown: shownFields({ name, role, teams, active }, stamps) },
    teams: await listTeams(context, actor),
    mayManage: can(actor, 'people.manage', 'ward'),
  };
};

export const actions: Actions = { invite, revoke, change, disable, enable, resetPassword };
