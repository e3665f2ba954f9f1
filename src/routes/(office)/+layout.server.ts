import { can } from '$lib/domain/people/permissions.ts';
import { appContext } from '$lib/server/app-context.ts';
import { readOfficeFrame } from '$lib/server/attention/office-frame.ts';
import { chosenLocale } from '$lib/server/chosen-locale.ts';
import type { LayoutServerLoad } from './$types';
import { officeActor } from './office-actor.server.ts';

export const load: LayoutServerLoad = async (event) => {
  event.depends('office:ward');
  const actor = await officeActor(event);
  const frame = await readOfficeFrame(await appContext(), actor);
  return {
    locale: chosenLocale(event.cookies),
    ...frame,
    may: {
      records: can(actor, 'assist.read', 'own'),
      people: can(actor, 'people.read', 'ward'),
      settle: can(actor, 'clash.settle', 'own') || can(actor, 'quarantine.read', 'own'),
    },
  };
};
