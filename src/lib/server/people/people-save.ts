import type { Actor } from '$lib/domain/people/roles.ts';
import type { MutationId } from '$lib/domain/record/ids.ts';
import type { Change, Mutation, MutationKind, RefusalCode } from '$lib/domain/record/mutation.ts';
import type { Json } from '$lib/kernel/json.ts';
import { err, ok, type Result } from '$lib/kernel/result.ts';
import { uuidv7 } from '$lib/kernel/uuid.ts';
import type { AuthContext } from '../auth/auth-context.ts';
import type { Transaction } from '../database/pool.ts';
import { applyOfficeMutation, type OfficeWorld } from '../sync/office-door.ts';

/** People are written through the same door as everything else. */
export interface PeopleContext extends AuthContext {
  readonly office: OfficeWorld;
}

/** Field → the stamp the form was rendered with. */
export type Shown = Readonly<Record<string, MutationId | null | undefined>>;

export function setFields(fields: Readonly<Record<string, Json>>, shown: Shown): NonNullable<Change['set']> {
  return Object.fromEntries(
    Object.entries(fields).map(([field, value]) => [field, { value, on: shown[field] ?? null }]),
  );
}

export interface Saving {
  readonly kind: MutationKind;
  readonly change: Change;
  readonly also?: (tx: Transaction) => Promise<void>;
}

/** What became of a save that was taken: `clashed` when somebody else had changed the same field meanwhile. */
export interface Saved {
  readonly clashed: boolean;
}

/** One save of an administration page: applied whole, or refused and nothing written. */
export async function save(
  context: PeopleContext,
  actor: Actor,
  saving: Saving,
): Promise<Result<Saved, { readonly kind: 'refused'; readonly code: RefusalCode }>> {
  const mutation: Mutation = {
    v: 1,
    id: uuidv7(context.clock, context.random) as MutationId,
    kind: saving.kind,
    ward: actor.ward,
    grant: actor.grant,
    author: actor.person,
    at: context.clock.now(),
    changes: [saving.change],
  };
  const options = saving.also === undefined ? {} : { also: saving.also };
  const outcome = await applyOfficeMutation(context.office, actor, mutation, null, options);
  if (outcome.is === 'applied') return ok({ clashed: outcome.clashes > 0 });
  return err({ kind: 'refused', code: outcome.is === 'refused' ? outcome.code : 'internal' });
}
