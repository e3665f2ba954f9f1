import type { RoundAnswer } from '../../protocol/round.ts';
import type { AccountTables } from '../store/account-tables.ts';
import type { OutboxEntry } from '../store/stored.ts';

const KEEP_MS = 30 * 86_400_000;
const AT_ONCE = 500;

/**
 * Lets go of acknowledged mutations, and only by the server's clock: 30 days after their acknowledgement, told in an
 * answer of the same epoch. What is replayed, refused or provisional stays; so do a mended one and its mend while anything
 * is replayed, for what was saved on the one is read as standing on the other.
 */
export async function pruneSettled(
  tables: AccountTables,
  answer: Pick<RoundAnswer, 'epoch' | 'serverTime'>,
): Promise<void> {
  const readByOthers = (await tables.outbox.where('replay').equals(1).count()) > 0;
  const isDone = (entry: OutboxEntry): boolean =>
    entry.replay === 0 &&
    entry.phase === 'arrived' &&
    entry.ackedIn === answer.epoch &&
    (entry.answeredBy !== null || entry.outcome?.is === 'applied') &&
    !(readByOthers && (entry.answeredBy !== null || entry.mends !== null));
  const due = await tables.outbox
    .where('ackedAt')
    .between(1, answer.serverTime - KEEP_MS, true, true)
    .filter(isDone)
    .limit(AT_ONCE)
    .primaryKeys();
  if (due.length > 0) await tables.outbox.bulkDelete(due);
}
