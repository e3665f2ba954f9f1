import { can } from '$lib/domain/people/permissions.ts';
import type { Actor } from '$lib/domain/people/roles.ts';
import { appContext } from '$lib/server/app-context.ts';
import { readAttention } from '$lib/server/attention/attention-page.ts';
import { readAttentionPlace } from '$lib/server/attention/attention-place.ts';
import { permitted } from '../office-actor.server.ts';
import type { Actions, PageServerLoad } from './$types';
import { noted, openValues, settle } from './attention-actions.server.ts';
import { accept, acceptAll, close, discard, discardAll } from './kept-apart-actions.server.ts';

const maySee = (who: Actor) =>
  can(who, 'clash.settle', 'own') || can(who, 'quarantine.read', 'own') || can(who, 'people.manage', 'ward');

export const load: PageServerLoad = async (event) => {
  event.depends('office:ward');
  await event.parent();
  const actor = await permitted(event, maySee);
  const place = readAttentionPlace(event.url.searchParams);
  return { attention: await readAttention(await appContext(), actor, place) };
};

export const actions: Actions = {
  settle,
  discard,
  discardAll,
  accept,
  acceptAll,
  close,
  noted,
  open: openValues,
};
