import type { RoundAnswer } from '../../protocol/round.ts';
import type { AccountTables } from '../store/account-tables.ts';
import { writeMeta } from '../store/meta.ts';
import type { MetaShapes, OutboxEntry } from '../store/stored.ts';
import { emptyWorkspace, loadRows, settleRows } from '../view/row-workspace.ts';

/**
 * The phone goes to another epoch (the server was restored): cursors to none, and every retained mutation that the
 * server does not know any more is on the phone again. Part of the transaction that takes the answer. `seqMissing`: a seq
 * that the server wants is no longer here, so a new replica is needed.
 */
export async function takeEpoch(
  tables: AccountTables,
  epoch: MetaShapes['epoch'],
  replica: MetaShapes['replica'],
  answer: RoundAnswer,
): Promise<{ readonly replica: MetaShapes['replica']; readonly seqMissing: boolean }> {
  await writeMeta(tables, 'epoch', {
    id: answer.epoch,
    left: [...epoch.left, epoch.id].slice(-64),
    receipt: answer.receipt,
    changedAt: answer.serverTime,
  });
  await tables.buckets.toCollection().modify({ cursor: '' });
  const { changed, nextSeq } = reckon(await tables.outbox.orderBy('place').toArray(), replica, answer);
  await tables.outbox.bulkPut(changed);
  const heardTo = Math.min(replica.heardTo, answer.lastSeq);
  const moved = { ...replica, nextSeq, heardTo, rowsTo: Math.min(replica.rowsTo, answer.lastSeq) };
  await writeMeta(tables, 'replica', moved);
  const space = emptyWorkspace();
  await loadRows(
    tables,
    space,
    changed.filter((entry) => entry.outcome === null).flatMap((entry) => entry.rows),
  );
  await settleRows(tables, space);
  const wanted = nextSeq - 1 > answer.lastSeq ? await entryAt(tables, replica.id, answer.lastSeq + 1) : null;
  return { replica: moved, seqMissing: wanted === undefined };
}

function entryAt(tables: AccountTables, replica: string, seq: number): PromiseLike<OutboxEntry | undefined> {
  return tables.outbox.get({ '[replica+seq]': [replica, seq] });
}

/** What the server still has is acknowledged anew, dated by this answer; all else waits again, bytes unchanged. */
function reckon(
  entries: readonly OutboxEntry[],
  replica: MetaShapes['replica'],
  answer: RoundAnswer,
): { readonly changed: readonly OutboxEntry[]; readonly nextSeq: number } {
  let nextSeq = replica.nextSeq;
  const changed: OutboxEntry[] = [];
  for (const entry of entries) {
    if (entry.outcome === null || entry.came === 'pulled') continue;
    if (entry.replica === replica.id && entry.seq <= answer.lastSeq) {
      changed.push({ ...entry, ackedAt: answer.serverTime, ackedIn: answer.epoch });
      continue;
    }
    // A mutation of a replica this phone has left goes under the present one: the server knows it by its id.
    const seq = entry.replica === replica.id ? entry.seq : nextSeq++;
    changed.push(unsent({ ...entry, replica: replica.id, seq }));
  }
  return { changed, nextSeq };
}

/** Back to "trên máy", and into the view, unless it has been mended or discarded since. */
function unsent(entry: OutboxEntry): OutboxEntry {
  return {
    ...entry,
    outcome: null,
    phase: 'unsent',
    ackedAt: 0,
    ackedIn: '',
    replay: entry.answeredBy === null ? 1 : 0,
  };
}
