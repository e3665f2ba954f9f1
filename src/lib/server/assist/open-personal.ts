import type { PersonalValues } from '$lib/domain/people/personal-fields.ts';
import type { Actor } from '$lib/domain/people/roles.ts';
import { err, ok, type Result } from '$lib/kernel/result.ts';
import type { AppContext } from '../app-context.ts';
import { recordAuthEvent } from '../auth/auth-events.ts';
import { inTransaction } from '../database/transaction.ts';
import { openRowPart, openRowValues } from '../records/row-values.ts';
import { rowReads } from '../sync/postgres-row-reads.ts';
import { readHistory } from './history-rows.ts';
import { findRecord } from './record-facts.ts';
import { keysOf } from './record-page.ts';

export type OpenError = { readonly kind: 'not_found' | 'not_allowed' };

/** Personal values whole: as they stand, by row; and as each save set them, by `mutation/row`. */
export interface OpenedPersonal {
  readonly rows: Readonly<Record<string, PersonalValues>>;
  readonly history: Readonly<Record<string, PersonalValues>>;
}

/** Opens a record's personal values for somebody who may read them. The view is recorded in the same transaction. */
export async function openPersonal(
  context: Pick<AppContext, 'database' | 'clock' | 'random' | 'keys'>,
  actor: Actor,
  kind: 'assist' | 'filing',
  id: string,
): Promise<Result<OpenedPersonal, OpenError>> {
  const { ward, person } = actor;
  return inTransaction(context.database, { wards: [ward], actor: person }, async (tx) => {
    const found = await findRecord(tx, actor, kind, id);
    if (found === null) return err({ kind: 'not_found' });
    if (!found.mayOpen) return err({ kind: 'not_allowed' });
    const children = kind === 'assist' ? await rowReads(tx, ward).children([id]) : [];
    const rows = [found.row, ...children];
    const keys = await keysOf(tx, context, ward, rows);
    const { parts } = await readHistory(tx, ward, rows);
    const detail = { kind, row: id };
    await recordAuthEvent(tx, context, { ward, what: 'personal_opened', actor: person, detail });
    const history = parts.flatMap(({ mutation, row, sealed }) => {
      const standing = rows.find((one) => one.id === row);
      const values = standing && openRowPart(keys, standing, mutation, sealed);
      return values ? [[`${mutation}/${row}`, values] as const] : [];
    });
    return ok({
      rows: Object.fromEntries(rows.map((row) => [row.id as string, openRowValues(keys, row)])),
      history: Object.fromEntries(history),
    });
  });
}
