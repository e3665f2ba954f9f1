import type { Actor } from '$lib/domain/people/roles.ts';
import type { MutationId, PersonId, ReplicaId, RowId } from '$lib/domain/record/ids.ts';
import type {
  Change,
  DiscardReason,
  Flag,
  Mutation,
  Outcome,
  RefusalCode,
} from '$lib/domain/record/mutation.ts';
import type { RowKind } from '$lib/domain/record/row.ts';
import { err, ok, type Result } from '$lib/kernel/result.ts';
import { uuidv7 } from '$lib/kernel/uuid.ts';
import { inTransaction } from '../database/transaction.ts';
import { alignGrant } from '../people/align-grant.ts';
import { hasAdministrator, LastAdministrator } from '../people/last-administrator.ts';
import type { PeopleContext } from '../people/people-save.ts';
import { applyOfficeMutation, applyOfficeMutations, type OfficeOptions } from '../sync/office-door.ts';
import { quarantinedOf } from './quarantine-rows.ts';

export type SettleError =
  | { readonly kind: 'refused'; readonly code: RefusalCode }
  /** It names what another record brings, which must be taken in first. */
  | { readonly kind: 'held' | 'last_administrator' };

export interface ClashChoice {
  readonly kind: RowKind;
  readonly id: RowId;
  readonly field: string;
  readonly late: MutationId;
  readonly take: 'standing' | 'late';
  /** The stamp that stood on the page; null: the field was never set. */
  readonly on?: MutationId | null | undefined;
}

type Deed = Pick<Mutation, 'kind'> & Partial<Pick<Mutation, 'changes' | 'mends' | 'why' | 'closes'>>;

function mutationOf(context: PeopleContext, actor: Actor, deed: Deed): Mutation {
  return {
    v: 1,
    id: uuidv7(context.clock, context.random) as MutationId,
    ward: actor.ward,
    grant: actor.grant,
    author: actor.person,
    at: context.clock.now(),
    changes: [],
    ...deed,
  };
}

function resultOf(outcome: Outcome): Result<readonly Flag[], SettleError> {
  if (outcome.is === 'applied') return ok(outcome.flags);
  if (outcome.is === 'held' || outcome.is === 'waiting') return err({ kind: 'held' });
  return err({ kind: 'refused', code: outcome.is === 'refused' ? outcome.code : 'internal' });
}

async function save(
  context: PeopleContext,
  actor: Actor,
  deed: Deed,
  options: OfficeOptions = {},
): Promise<Result<readonly Flag[], SettleError>> {
  const mutation = mutationOf(context, actor, deed);
  return resultOf(await applyOfficeMutation(context.office, actor, mutation, null, options));
}

/** A person's decision between two values; who may is judged at the door. The flags say when somebody was quicker. */
export async function settleClash(
  context: PeopleContext,
  actor: Actor,
  { kind, id, field, late, take, on }: ClashChoice,
): Promise<Result<readonly Flag[], SettleError>> {
  const change: Change = {
    row: kind,
    id,
    settle: [{ field, late, take, ...(on === undefined ? {} : { on }) }],
  };
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
  why: DiscardReason,
): Promise<Result<readonly Flag[], SettleError>> {
  return save(context, actor, { kind: 'record.discard', mends, why });
}

/** Takes in what a revoked phone or person had brought, as if it had come before the revocation. */
export function acceptRecord(
  context: PeopleContext,
  actor: Actor,
  mends: MutationId,
): Promise<Result<readonly Flag[], SettleError>> {
  return save(context, actor, { kind: 'record.accept', mends });
}

/** What became of several: those that could not be taken stay where they are, each with its reason. */
export interface ManySettled {
  readonly done: number;
  readonly left: number;
}

/** Records of one commit, so that the ward's counter is never held for long. */
const PIECE = 100;

/** One decision for everything that one person's revoked phones brought: each record by a deed of its own, in its order. */
export async function settleAllOf(
  context: PeopleContext,
  actor: Actor,
  person: PersonId,
  deed: { readonly kind: 'record.accept' } | { readonly kind: 'record.discard'; readonly why: DiscardReason },
): Promise<ManySettled> {
  const records = await inTransaction(
    context.database,
    { wards: [actor.ward], actor: actor.person },
    (tx) => quarantinedOf(tx, actor, person),
    { readOnly: true },
  );
  let done = 0;
  for (let at = 0; at < records.length; at += PIECE) {
    const deeds = records
      .slice(at, at + PIECE)
      .map((mends) => mutationOf(context, actor, { ...deed, mends }));
    done += await applyWhatCan(context, actor, deeds);
  }
  return { done, left: records.length - done };
}

/** All that can be, in one commit: a deed that is refused is left out, and the rest asked again. */
async function applyWhatCan(
  context: PeopleContext,
  actor: Actor,
  deeds: readonly Mutation[],
): Promise<number> {
  let rest = deeds;
  while (rest.length > 0) {
    const items = rest.map((mutation) => ({ person: actor.person, mutation, personal: null }));
    const outcomes = await applyOfficeMutations(context.office, actor.ward, items);
    const taken = rest.filter((_, at) => outcomes[at]?.is === 'applied');
    if (taken.length === rest.length) return rest.length;
    rest = taken;
  }
  return 0;
}

/** Passes over the seqs that a phone's deliveries lack and nobody can bring any more. */
export function closeGap(
  context: PeopleContext,
  actor: Actor,
  closes: { readonly replica: ReplicaId; readonly from: number; readonly to: number },
): Promise<Result<readonly Flag[], SettleError>> {
  return save(context, actor, { kind: 'gap.close', closes });
}
