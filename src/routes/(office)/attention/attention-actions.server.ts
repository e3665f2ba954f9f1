import { fail, type RequestEvent } from '@sveltejs/kit';
import * as z from 'zod/mini';
import { can } from '$lib/domain/people/permissions.ts';
import { mutationIdSchema, rowIdSchema } from '$lib/domain/record/ids.ts';
import { ROW_KINDS } from '$lib/domain/record/row.ts';
import { appContext } from '$lib/server/app-context.ts';
import { readAttentionPlace } from '$lib/server/attention/attention-place.ts';
import { openClashValues } from '$lib/server/attention/open-clashes.ts';
import { noteRestore } from '$lib/server/attention/restore-notices.ts';
import { settleClash } from '$lib/server/attention/settle.ts';
import { permitted } from '../office-actor.server.ts';
import { peopleContext } from '../teams/people-context.server.ts';
import { readForm } from '../teams/person-form.server.ts';
import { refused } from './settle-refused.server.ts';

const choiceForm = z.object({
  kind: z.enum(ROW_KINDS),
  id: rowIdSchema,
  field: z.string().check(z.regex(/^[a-zA-Z][a-zA-Z0-9]{0,39}$/)),
  late: mutationIdSchema,
  take: z.enum(['standing', 'late']),
  on: z.optional(mutationIdSchema),
});
const noticeForm = z.object({ epoch: z.string().check(z.maxLength(100)) });

/** Takes one of two values. Without a choice nothing is written and the page says so. */
export async function settle(event: RequestEvent) {
  const actor = await permitted(
    event,
    (who) => can(who, 'clash.settle', 'own') || can(who, 'people.manage', 'ward'),
  );
  const choice = await readForm(event.request, choiceForm);
  if (choice === null) return fail(400, { problem: 'chooseFirst' as const });
  const settled = await settleClash(await peopleContext(), actor, choice);
  if (!settled.ok) return refused(settled.error);
  return {
    done: settled.value.includes('settled_already') ? ('settledAlready' as const) : ('settled' as const),
  };
}

/** Shows the personal values that clash: written down, because they are read whole. */
export async function openValues(event: RequestEvent) {
  const actor = await permitted(event, (who) => can(who, 'personal.read', 'own'));
  const { clash } = readAttentionPlace(event.url.searchParams);
  return { opened: await openClashValues(await appContext(), actor, clash) };
}

/** An administrator has read that the ward was restored. */
export async function noted(event: RequestEvent) {
  const actor = await permitted(event, (who) => can(who, 'backup.run', 'ward'));
  const given = await readForm(event.request, noticeForm);
  if (given === null) return fail(400, { problem: 'refused' as const });
  await noteRestore(await appContext(), actor, given.epoch);
  return { done: 'noted' as const };
}
