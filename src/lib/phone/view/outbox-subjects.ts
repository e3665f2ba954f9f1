import type { MutationId } from '../../domain/record/ids.ts';
import type { AccountDb } from '../store/open-account-db.ts';
import { shownRow } from '../store/stored.ts';
import type { OutboxLine } from './outbox-view.ts';

/** What a save is about. Neither is personal, so neither is sealed. */
export interface OutboxSubject {
  /** The procedure that the visit or the filing was for. */
  readonly subject: string;
  /** The visit whose page shows it. */
  readonly assist: string;
}

const ASSIST = 'assist/';

/** What each save is about, by mutation; a save of no visit (people, places), or of one not on this phone, has no entry. */
export async function outboxSubjects(
  db: AccountDb,
  lines: readonly Pick<OutboxLine, 'mutation' | 'rows'>[],
): Promise<ReadonlyMap<MutationId, OutboxSubject>> {
  const asked = lines.flatMap(({ mutation, rows }) => {
    const key = rows.find((row) => row.startsWith(ASSIST)) ?? rows.find((row) => row.startsWith('filing/'));
    return key === undefined ? [] : [{ mutation, key }];
  });
  const stored = await db.relaxed.rows.bulkGet(asked.map(({ key }) => key));
  const found = asked.flatMap(({ mutation, key }, at) => {
    const one = stored[at];
    const fields = one && shownRow(one)?.fields;
    const subject = fields?.['subject'] ?? fields?.['procedure'];
    const assist = key.startsWith(ASSIST) ? key : one?.parent;
    if (typeof subject !== 'string' || typeof assist !== 'string') return [];
    return [[mutation, { subject, assist: assist.slice(ASSIST.length) }] as const];
  });
  return new Map(found);
}
