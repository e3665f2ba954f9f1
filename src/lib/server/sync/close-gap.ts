import { can } from '$lib/domain/people/permissions.ts';
import type { Actor } from '$lib/domain/people/roles.ts';
import type { ReplicaId } from '$lib/domain/record/ids.ts';
import type { Mutation, RefusalCode } from '$lib/domain/record/mutation.ts';
import type { ReplicaRecord } from './store.ts';

/** What becomes of a leader's wish to close a gap. */
export type GapClosing =
  | { readonly is: 'closed'; readonly replica: ReplicaId; readonly lastSeq: number }
  | { readonly is: 'already' }
  | { readonly is: 'refused'; readonly code: RefusalCode };

/**
 * A gap that can never be filled is closed by a leader: the seqs between what was taken and what came are passed over.
 * Only exactly those that are missing now; one that has moved meanwhile is another decision. Should the phone bring them
 * after all, it hears `forked`, and sends them under a new replica: nothing is lost by closing.
 */
export function closeGap(mutation: Mutation, leader: Actor, standing: ReplicaRecord | null): GapClosing {
  if (!can(leader, 'quarantine.settle', 'ward')) return { is: 'refused', code: 'not_yours' };
  const { closes } = mutation;
  if (closes === undefined || standing === null || closes.to < closes.from)
    return { is: 'refused', code: 'malformed' };
  const { lastSeq, gapSeq, replica } = standing;
  if (lastSeq >= closes.to) return { is: 'already' };
  const isTheGap = closes.from === lastSeq + 1 && gapSeq !== null && closes.to === gapSeq - 1;
  return isTheGap ? { is: 'closed', replica, lastSeq: closes.to } : { is: 'refused', code: 'malformed' };
}
