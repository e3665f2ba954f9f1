import { can } from '$lib/domain/people/permissions.ts';
import { sortByName } from '$lib/kernel/text/name-order.ts';
import { appContext } from '$lib/server/app-context.ts';
import { listPeople, listTeams } from '$lib/server/people/people-lists.ts';
import { permitted } from '../office-actor.server.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
  event.depends('office:ward');
  await event.parent();
  const actor = await permitted(event, (who) => can(who, 'people.read', 'ward'));
  const context = await appContext();
  const people = sortByName(await listPeople(context, actor), ({ name }) => name);
  return {
    teams: await listTeams(context, actor),
    people: people.map(({ stamps: _stamps, clashes: _clashes, ...person }) => person),
    mayManage: can(actor, 'people.manage', 'ward'),
    maySeeDevices: can(actor, 'device.read', 'own'),
  };
};
