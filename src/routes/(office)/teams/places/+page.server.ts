import { can } from '$lib/domain/people/permissions.ts';
import { listNeighbourhoods, listTeams } from '$lib/server/people/people-lists.ts';
import { permitted } from '../../office-actor.server.ts';
import { peopleContext } from '../people-context.server.ts';
import { shownFields } from '../shown-fields.ts';
import type { Actions, PageServerLoad } from './$types';
import { saveNeighbourhood, saveTeam } from './place-actions.server.ts';

export const load: PageServerLoad = async (event) => {
  event.depends('office:ward');
  await event.parent();
  const actor = await permitted(event, (who) => can(who, 'people.manage', 'ward'));
  const context = await peopleContext();
  return {
    teams: (await listTeams(context, actor)).map(({ stamps, ...team }) => {
      const { name, active } = team;
      return { ...team, shown: shownFields({ name, active }, stamps) };
    }),
    neighbourhoods: (await listNeighbourhoods(context, actor)).map(({ stamps, ...place }) => {
      const { name, word, team, active } = place;
      return { ...place, shown: shownFields({ name, word, team, active }, stamps) };
    }),
  };
};

export const actions: Actions = { team: saveTeam, neighbourhood: saveNeighbourhood };
