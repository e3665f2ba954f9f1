import { error } from '@sveltejs/kit';
import { can } from '$lib/domain/people/permissions.ts';
import { appContext } from '$lib/server/app-context.ts';
import { readRecordList } from '$lib/server/assist/record-list.ts';
import { procedureNames } from '$lib/server/filing/procedure-names.ts';
import { listTeams } from '$lib/server/people/people-lists.ts';
import { permitted } from '../office-actor.server.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
  event.depends('office:ward');
  // The ward's version is read before its rows: what comes in between is told by the stream.
  await event.parent();
  const actor = await permitted(event, (who) => can(who, 'assist.read', 'own'));
  const context = await appContext();
  const list = await readRecordList(context, actor, event.url.searchParams);
  if (list === null) error(403, 'forbidden');
  const teams = await listTeams(context, actor);
  return {
    list,
    teams: teams.map(({ team, name }) => ({ value: team, label: name })),
    procedures: Object.fromEntries(procedureNames),
  };
};
