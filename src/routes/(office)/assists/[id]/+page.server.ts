import { error, fail } from '@sveltejs/kit';
import { can } from '$lib/domain/people/permissions.ts';
import { UUID_PATTERN } from '$lib/kernel/uuid.ts';
import { appContext } from '$lib/server/app-context.ts';
import { openPersonal } from '$lib/server/assist/open-personal.ts';
import { readRecordPage } from '$lib/server/assist/record-page.ts';
import { permitted } from '../../office-actor.server.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
  event.depends('office:ward');
  await event.parent();
  const actor = await permitted(event, (who) => can(who, 'assist.read', 'own'));
  if (!UUID_PATTERN.test(event.params.id)) error(404, 'not_found');
  const record = await readRecordPage(await appContext(), actor, 'assist', event.params.id);
  if (record === null) error(404, 'not_found');
  return { record };
};

export const actions: Actions = {
  /** Shows the personal values whole: a deed of its own, because each view is written down. */
  open: async (event) => {
    const actor = await permitted(event, (who) => can(who, 'personal.read', 'own'));
    if (!UUID_PATTERN.test(event.params.id)) return fail(404, { problem: 'not_found' as const });
    const opened = await openPersonal(await appContext(), actor, 'assist', event.params.id);
    return opened.ok ? { opened: opened.value } : fail(403, { problem: opened.error.kind });
  },
};
