import { fail, type RequestEvent } from '@sveltejs/kit';
import * as z from 'zod/mini';
import { can } from '$lib/domain/people/permissions.ts';
import type { Actor } from '$lib/domain/people/roles.ts';
import { mutationIdSchema, personIdSchema, replicaIdSchema } from '$lib/domain/record/ids.ts';
import { DISCARD_REASONS } from '$lib/domain/record/mutation.ts';
import { acceptRecord, closeGap, discardRecord, settleAllOf } from '$lib/server/attention/settle.ts';
import { permitted } from '../office-actor.server.ts';
import { peopleContext } from '../teams/people-context.server.ts';
import { readForm } from '../teams/person-form.server.ts';
import { refused } from './settle-refused.server.ts';

const why = z.enum(DISCARD_REASONS);
const seq = z.coerce.number().check(z.int(), z.gte(1));
const forms = {
  discard: z.object({ mutation: mutationIdSchema, why }),
  discardAll: z.object({ person: personIdSchema, why }),
  accept: z.object({ mutation: mutationIdSchema }),
  acceptAll: z.object({ person: personIdSchema }),
  close: z.object({ replica: replicaIdSchema, from: seq, to: seq }),
};

const mayLead = (who: Actor) => can(who, 'quarantine.settle', 'ward');
const unread = () => fail(400, { problem: 'refused' as const });

/** Gives up one record, one's own or, for a leader, anybody's. */
export async function discard(event: RequestEvent) {
  const actor = await permitted(event, (who) => can(who, 'quarantine.read', 'own'));
  const given = await readForm(event.request, forms.discard);
  if (given === null) return fail(400, { problem: 'chooseReason' as const });
  const discarded = await discardRecord(await peopleContext(), actor, given.mutation, given.why);
  return discarded.ok ? { done: 'discarded' as const } : refused(discarded.error);
}

/** Everything that one person's revoked phones brought is given up, with one reason. */
export async function discardAll(event: RequestEvent) {
  const actor = await permitted(event, mayLead);
  const given = await readForm(event.request, forms.discardAll);
  if (given === null) return fail(400, { problem: 'chooseReason' as const });
  const deed = { kind: 'record.discard' as const, why: given.why };
  return { discardedAll: await settleAllOf(await peopleContext(), actor, given.person, deed) };
}

/** Takes in one record of a revoked phone. */
export async function accept(event: RequestEvent) {
  const actor = await permitted(event, mayLead);
  const given = await readForm(event.request, forms.accept);
  if (given === null) return unread();
  const accepted = await acceptRecord(await peopleContext(), actor, given.mutation);
  if (!accepted.ok) return refused(accepted.error);
  return {
    done: accepted.value.includes('settled_already') ? ('settledAlready' as const) : ('accepted' as const),
  };
}

/** Takes in everything that one person's revoked phones brought, as far as it can be taken. */
export async function acceptAll(event: RequestEvent) {
  const actor = await permitted(event, mayLead);
  const given = await readForm(event.request, forms.acceptAll);
  if (given === null) return unread();
  const deed = { kind: 'record.accept' as const };
  return { acceptedAll: await settleAllOf(await peopleContext(), actor, given.person, deed) };
}

/** Passes over seqs that nobody can bring any more. */
export async function close(event: RequestEvent) {
  const actor = await permitted(event, mayLead);
  const given = await readForm(event.request, forms.close);
  if (given === null) return unread();
  const closed = await closeGap(await peopleContext(), actor, given);
  return closed.ok ? { done: 'closed' as const } : refused(closed.error);
}
