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
  const entries = await tables.outbox.orderBy('place').toArray();
  const heardTo = vouchedTo(entries, replica, answer);
  const { changed, nextSeq } = reckon(entries, { ...replica, heardTo }, answer);
  await tables.outbox.bulkPut(changed);
  const moved = { ...replica, nextSeq, heardTo, rowsTo: Math.min(replica.rowsTo, heardTo) };
  await writeMeta(tables, 'replica', moved);
  const space = emptyWorkspace();
  await loadRows(
    tables,
    space,
    changed.flatMap((entry) => (entry.replay === 1 ? entry.rows : [])),
  );
  await settleRows(tables, space);
  const wanted = nextSeq - 1 > answer.lastSeq ? await entryAt(tables, replica.id, answer.lastSeq + 1) : null;
  return { replica: moved, seqMissing: wanted === undefined };
}

function entryAt(tables: AccountTables, replica: string, seq: number): PromiseLike<OutboxEntry | undefined> {
  return tables.outbox.get({ '[replica+seq]': [replica, seq] });
}

/**
 * Up to where the server's word for its last seq must do. Above, the mutations are all still here, and it is asked again:
 * what it holds under these seqs may have come from a copy of this phone, or have been judged otherwise this time.
 */
function vouchedTo(
  entries: readonly OutboxEntry[],
  replica: MetaShapes['replica'],
  answer: RoundAnswer,
): number {
  const here = new Set(
    entries.filter((entry) => entry.replica === replica.id && entry.came === 'saved').map(({ seq }) => seq),
  );
  let to = Math.min(replica.heardTo, answer.lastSeq);
  while (here.has(to)) to -= 1;
  return to;
}

/** What is vouched for is acknowledged anew, dated by this answer; what the server lacks waits again, bytes unchanged. */
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
      // In the view as well until then: the rows that come now may have been made without it.
      const asked = { ...entry, replay: replayOf(entry) };
      const vouched = { ...entry, ackedAt: answer.serverTime, ackedIn: answer.epoch };
      changed.push(entry.seq <= replica.heardTo ? vouched : asked);
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
    replay: replayOf(entry),
  };
}

function replayOf(entry: OutboxEntry): OutboxEntry['replay'] {
  return entry.answeredBy === null ? 1 : 0;
}
