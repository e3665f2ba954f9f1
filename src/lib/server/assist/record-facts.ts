import { belongingOf, parentIdOf } from '$lib/domain/record/belonging.ts';
import { flagsOf } from '$lib/domain/record/flags.ts';
import { can, relationOf } from '$lib/domain/people/permissions.ts';
import { READ_PERSONAL } from '$lib/domain/people/personal-fields.ts';
import type { Actor } from '$lib/domain/people/roles.ts';
import type { Flag, Mutation } from '$lib/domain/record/mutation.ts';
import { type ConfirmedRow, openClashes, type RowKind } from '$lib/domain/record/row.ts';
import type { Json } from '$lib/kernel/json.ts';
import type { Transaction } from '../database/pool.ts';
import { rowReads } from '../sync/postgres-row-reads.ts';
import type { HistoryLine } from './history-rows.ts';

/** A record with what it hangs on. */
export interface RecordRows {
  readonly row: ConfirmedRow;
  readonly parent: ConfirmedRow | undefined;
  readonly mayOpen: boolean;
}

/** A record the actor may read; null where there is none, or it is not theirs to see. */
export async function findRecord(
  tx: Transaction,
  actor: Actor,
  kind: 'assist' | 'filing',
  id: string,
): Promise<RecordRows | null> {
  const reads = rowReads(tx, actor.ward);
  const [row] = await reads.rows([{ kind, id }]);
  if (row === undefined) return null;
  const parentId = parentIdOf(row);
  const [parent] = parentId === null ? [] : await reads.rows([{ kind: 'assist', id: parentId }]);
  const relation = relationOf(actor, belongingOf(actor.ward, row, parent));
  if (!can(actor, 'assist.read', relation)) return null;
  return { row, parent, mayOpen: can(actor, READ_PERSONAL, relation) };
}

/** A row as a page shows it: plain values only. */
export interface RowFacts {
  readonly kind: RowKind;
  readonly id: string;
  readonly fields: Readonly<Record<string, Json>>;
  readonly sets: Readonly<Record<string, Readonly<Record<string, Json>>>>;
  readonly openClashes: number;
  readonly flags: readonly Flag[];
}

/** Oddities that do not go away by an edit. */
const LASTING: readonly Flag[] = ['missing_module', 'forbidden_text', 'changed_after_void', 'duplicate_code'];

export function factsOf(row: ConfirmedRow, history: readonly HistoryLine[]): RowFacts {
  const own = history.filter((line) =>
    line.changes.some((change) => change.row === row.kind && change.id === row.id),
  );
  const birth = own.find((line) => line.changes.some((change) => change.id === row.id && change.create));
  const now =
    birth === undefined ? [] : flagsOf(undefined, row, { at: birth.at, kind: birth.kind } as Mutation);
  const lasting = own.flatMap(({ flags }) => flags.filter((flag) => LASTING.includes(flag)));
  const { kind, id, fields, sets } = row;
  return {
    kind,
    id,
    fields,
    sets,
    openClashes: openClashes(row).length,
    flags: [...new Set([...now, ...lasting])],
  };
}
