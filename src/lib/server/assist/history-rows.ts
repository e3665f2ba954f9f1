import type { WardId } from '$lib/domain/record/ids.ts';
import type { Change, Flag, Mutation, MutationKind, Outcome } from '$lib/domain/record/mutation.ts';
import type { RowKind } from '$lib/domain/record/row.ts';
import type { Instant } from '$lib/kernel/clock.ts';
import type { Transaction } from '../database/pool.ts';
import type { RowRef } from '../sync/store.ts';

/** One save that touched the rows asked for. */
export interface HistoryLine {
  readonly mutation: string;
  readonly kind: MutationKind;
  readonly by: string;
  /** The device's claim. */
  readonly at: Instant;
  /** The server's fact. */
  readonly receivedAt: Instant;
  readonly flags: readonly Flag[];
  /** Only what it did to these rows. */
  readonly changes: readonly Change[];
}

/** A part of the history's personal values, still sealed. */
export interface SealedPart {
  readonly mutation: string;
  readonly kind: RowKind;
  readonly row: string;
  readonly sealed: string;
}

interface HistorySql {
  mutation_id: string;
  kind: MutationKind;
  person_id: string;
  plain: Mutation;
  outcome: Outcome;
  received_at: Date;
  parts: { kind: RowKind; row: string; sealed: string | null }[];
}

function refsSql(tx: Transaction, refs: readonly RowRef[]) {
  const text = JSON.stringify(refs.map(({ kind, id }) => ({ kind, id })));
  return tx`(select kind, id from jsonb_to_recordset(${text}::text::jsonb) as r (kind text, id uuid))`;
}

/** Every save that touched these rows, oldest first, and its sealed parts. */
export async function readHistory(
  tx: Transaction,
  ward: WardId,
  refs: readonly RowRef[],
): Promise<{ readonly lines: readonly HistoryLine[]; readonly parts: readonly SealedPart[] }> {
  const rows = await tx<HistorySql[]>`
    select m.mutation_id, m.kind, m.person_id, m.plain, m.outcome, m.received_at, touched.parts
    from (
      select r.mutation_id, min(r.version) as version,
        jsonb_agg(jsonb_build_object('kind', r.kind, 'row', r.row_id, 'sealed', r.sealed)) as parts
      from mutation_row r
      where r.ward_id = ${ward} and (r.kind, r.row_id) in ${refsSql(tx, refs)}
      group by r.mutation_id
    ) touched
    join mutation m on m.ward_id = ${ward} and m.mutation_id = touched.mutation_id and m.outcome ->> 'is' = 'applied'
    order by touched.version, m.seq`;
  const wanted = new Set(refs.map(({ kind, id }) => `${kind}/${id}`));
  return {
    lines: rows.map((row) => ({
      mutation: row.mutation_id,
      kind: row.kind,
      by: row.person_id,
      at: row.plain.at,
      receivedAt: row.received_at.getTime(),
      flags: row.outcome.is === 'applied' ? row.outcome.flags : [],
      changes: row.plain.changes.filter((change) => wanted.has(`${change.row}/${change.id}`)),
    })),
    parts: rows.flatMap(({ mutation_id: mutation, parts }) =>
      parts.flatMap(({ kind, row, sealed }) => (sealed === null ? [] : [{ mutation, kind, row, sealed }])),
    ),
  };
}
