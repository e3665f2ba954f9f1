import type { Actor } from '$lib/domain/people/roles.ts';
import type { MutationId, PersonId, RowId } from '$lib/domain/record/ids.ts';
import type { Change, Flag, Mutation, RefusalCode } from '$lib/domain/record/mutation.ts';
import type { RowKind } from '$lib/domain/record/row.ts';
import { err, ok, type Result } from '$lib/kernel/result.ts';
import { uuidv7 } from '$lib/kernel/uuid.ts';
import { alignGrant } from '../people/align-grant.ts';
import { hasAdministrator, LastAdministrator } from '../people/last-administrator.ts';
import type { PeopleContext } from '../people/people-save.ts';
import { applyOfficeMutation, type OfficeOptions } from '../sync/office-door.ts';

export type SettleError =
  { readonly kind: 'refused'; readonly code: RefusalCode } | { readonly kind: 'last_administrator' };

export interface ClashChoice {
  readonly kind: RowKind;
  readonly id: RowId;
  readonly field: string;
  readonly late: MutationId;
  readonly take: 'standing' | 'late';
}

async function save(
  context: PeopleContext,
  actor: Actor,
  given: Pick<Mutation, 'kind' | 'changes'> & { readonly mends?: MutationId },
  options: OfficeOptions = {},
): Promise<Result<readonly Flag[], SettleError>> {
  const mutation: Mutation = {
    v: 1,
    id: uuidv7(context.clock, context.random) as MutationId,
    ward: actor.ward,
    grant: actor.grant,
    author: actor.person,
    at: context.clock.now(),
    ...given,
  };
  const outcome = await applyOfficeMutation(context.office, actor, mutation, null, options);
  if (outcome.is === 'applied') return ok(outcome.flags);
  return err({ kind: 'refused', code: outcome.is === 'refused' ? outcome.code : 'internal' });
}

/** A person's decision between two values; who may is judged at the door. The flags say when somebody was quicker. */
export async function settleClash(
  context: PeopleContext,
  actor: Actor,
  { kind, id, field, late, take }: ClashChoice,
): Promise<Result<readonly Flag[], SettleError>> {
  const change: Change = { row: kind, id, settle: [{ field, late, take }] };
  const given = { kind: 'clash.settle' as const, changes: [change] };
  if (kind !== 'person') return save(context, actor, given);
  // A role or a team that comes to stand is authority: the grant follows in the same transaction.
  const person = id as string as PersonId;
  try {
    return await save(context, actor, given, {
      also: async (tx) => {
        await alignGrant(tx, context, { ward: actor.ward, person, by: actor.person });
        if (!(await hasAdministrator(tx, actor.ward))) throw new LastAdministrator();
      },
    });
  } catch (error) {
    if (error instanceof LastAdministrator) return err({ kind: 'last_administrator' });
    throw error;
  }
}

/** Gives up a record that was not taken; its author hears so. Who may is judged at the door. */
export function discardRecord(
  context: PeopleContext,
  actor: Actor,
  mends: MutationId,
): Promise<Result<readonly Flag[], SettleError>> {
  return save(context, actor, { kind: 'record.discard', changes: [], mends });
}
