import type { Row } from '../../domain/record/row.ts';
import type { AccountDb } from '../store/open-account-db.ts';
import { shownRow } from '../store/stored.ts';
import { asOneRead, type ShownRow, showRows } from './shown-row.ts';

const LAST = '\uffff';

/** Logged by mistake and undone, or voided as such: kept and shown in the history, not in the lists. */
export function isUndone(row: Row | undefined): boolean {
  return row?.fields['voided'] === 'entered_by_mistake';
}

/** Assists of one day, newest first. */
export async function todayAssists(db: AccountDb, day: string): Promise<readonly ShownRow[]> {
  const tables = db.relaxed;
  return asOneRead(tables, async () => {
    const stored = await tables.rows
      .where('[kind+day+id]')
      .between(['assist', day, ''], ['assist', day, LAST])
      .toArray();
    const shown = await showRows(
      tables,
      stored.filter((row) => !isUndone(shownRow(row))),
    );
    return shown.sort(
      (a, b) => Number(b.row.fields['occurredAt'] ?? 0) - Number(a.row.fields['occurredAt'] ?? 0),
    );
  });
}
