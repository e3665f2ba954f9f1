import { version } from '$app/environment';
import { can } from '$lib/domain/people/permissions.ts';
import { appContext } from '$lib/server/app-context.ts';
import {
  chooseDevices,
  countDevices,
  listDevices,
  readDeviceFilter,
} from '$lib/server/people/device-list.ts';
import { listTeams } from '$lib/server/people/people-lists.ts';
import { permitted } from '../../office-actor.server.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
  event.depends('office:ward');
  await event.parent();
  const actor = await permitted(event, (who) => can(who, 'device.read', 'own'));
  const context = await appContext();
  const now = context.clock.now();
  const filter = readDeviceFilter(event.url.searchParams);
  const devices = await listDevices(context, actor);
  const teams = await listTeams(context, actor);
  return {
    filter,
    build: version,
    counts: countDevices(devices, now),
    devices: chooseDevices(devices, filter, now),
    teams: teams.map(({ team, name }) => ({ value: team, label: name })),
  };
};
