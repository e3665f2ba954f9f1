import type { Mutation, MutationKind } from './mutation.ts';
import type { RowKind } from './row.ts';

const AUTHORITY_ROWS: readonly RowKind[] = ['person', 'team', 'neighbourhood'];
const LEADERS_DEEDS: readonly MutationKind[] = ['record.accept', 'gap.close'];

/**
 * What only a signed-in person of the office may do. A delivery token lies unsealed on a phone's disk: whoever copies it
 * can put records in, and must not be able to change by it who may do what, or what is taken.
 */
export function isOfficeOnly(mutation: Mutation): boolean {
  return (
    LEADERS_DEEDS.includes(mutation.kind) ||
    mutation.changes.some((change) => AUTHORITY_ROWS.includes(change.row))
  );
}
