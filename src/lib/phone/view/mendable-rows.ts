import type { MutationId } from '../../domain/record/ids.ts';
import type { AccountDb } from '../store/open-account-db.ts';
import { mutationOf } from './entry-mutation.ts';

/** The rows that a refused save touched: only these can be corrected in its copy. Null: it needs nobody any more. */
export async function mendableRows(db: AccountDb, id: MutationId): Promise<readonly string[] | null> {
  const entry = await db.relaxed.outbox.get(id);
  return entry?.phase === 'needs_you' ? mutationOf(entry).changes.map((change) => change.id) : null;
}
