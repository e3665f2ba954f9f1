import { can } from '$lib/domain/people/permissions.ts';
import { listNeighbourhoods, listTeams } from '$lib/server/people/people-lists.ts';
import { permitted } from '../../office-actor.server.ts';
import { peopleContext } from '../people-context.server.ts';
import type { Actions, PageServerLoad } from './$types';
import { saveNeighbourhood, saveTeam } from './place-actions.server.ts';

export const load: PageServerLoad = async (event) => {
  event.depends('office:ward');
  await event.parent();
  const actor = await permitted(event, (who) => can(who, 'people.manage', 'ward'));
  const context = await peopleContext();
  return {
    teams: await listTeams(context, actor),
    neighbourhoods: await listNeighbourhoods(context, actor),
  };
};

export const actions: Actions = { team: saveTeam, neighbourhood: saveNeighbourhood };
