import type { PersonalValues } from '../../domain/people/personal-fields.ts';
import type { MutationId } from '../../domain/record/ids.ts';
import type { Change, MutationKind, Outcome } from '../../domain/record/mutation.ts';
import { type RowKind, rowKey } from '../../domain/record/row.ts';
import type { Instant } from '../../kernel/clock.ts';
import { openEntry, type OpenReader } from './personal-parts.ts';
import { mutationOf } from './entry-mutation.ts';
import { readSending, stateOfEntry, type VisibleState } from './shown-row.ts';

/** One save in a record's history, as this phone knows it: own ones of the last 30 days, and what waits. */
export interface HistoryLine {
  readonly mutation: MutationId;
  readonly kind: MutationKind;
  /** By the phone's clock. */
  readonly at: Instant;
  readonly author: string;
  readonly state: VisibleState;
  readonly outcome: Outcome | null;
  /** What it did to this record and, for an assist, to its filings. */
  readonly changes: readonly Change[];
  /** Personal values it set: row → values; null: not openable here. */
  readonly personal: Readonly<Record<string, PersonalValues>> | null;
  readonly mends: MutationId | null;
  readonly answeredBy: MutationId | null;
}

/** Oldest first. Earlier saves, and others', are the ward's to show. */
export async function historyOf(
  reader: OpenReader,
  kind: RowKind,
  id: string,
): Promise<readonly HistoryLine[]> {
  const tables = reader.db.relaxed;
  const entries = await tables.outbox.where('rows').equals(rowKey(kind, id)).sortBy('place');
  const sending = await readSending(tables);
  const lines: HistoryLine[] = [];
  for (const entry of entries) {
    const mutation = mutationOf(entry);
    lines.push({
      mutation: entry.id,
      kind: entry.kind,
      at: entry.savedAt,
      author: mutation.author,
      state: stateOfEntry(entry, sending),
      outcome: entry.outcome,
      changes: mutation.changes,
      personal: await openEntry(reader, entry),
      mends: entry.mends,
      answeredBy: entry.answeredBy,
    });
  }
  return lines;
}
