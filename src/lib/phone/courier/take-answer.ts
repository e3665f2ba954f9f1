import type { RoundAnswer } from '../../protocol/round.ts';
import type { AccountTables } from '../store/account-tables.ts';
import { guardCode } from '../store/code-guard.ts';
import { readMeta, writeMeta } from '../store/meta.ts';
import type { MetaShapes } from '../store/stored.ts';
import { emptyWorkspace, loadRows, settleRows } from '../view/row-workspace.ts';
import { grown } from './batch-size.ts';
import type { BegunRound } from './begin-round.ts';
import { endReplay } from './end-replay.ts';
import { takeEpoch } from './new-epoch.ts';
import { noteContact } from './note-contact.ts';
import { pruneSettled } from './prune-settled.ts';
import { heardUpTo, takeOutcomes } from './take-outcomes.ts';
import { mayTakeRows, takeRows } from './take-rows.ts';
import { NOTHING_TAKEN, type Taken, type TakePorts } from './taken.ts';

/** Takes an answer in one transaction: outcomes, rows, marks and the end of each replay together, or none of them. */
export function takeAnswer(
  tables: AccountTables,
  begun: BegunRound,
  answer: RoundAnswer,
  ports: TakePorts,
): PromiseLike<Taken> {
  const { meta, rows, outbox, buckets, aside } = tables;
  return tables.transaction('rw', [meta, rows, outbox, buckets, aside], async () => {
    await guardCode(tables);
    const replica = await readMeta(tables, 'replica');
    if (replica?.id !== begun.replica) return NOTHING_TAKEN;
    const epoch = await readMeta(tables, 'epoch');
    if (epoch?.left.includes(answer.epoch) === true) return NOTHING_TAKEN;
    const inFront = (await readMeta(tables, 'lease'))?.holder === begun.holder;
    if (inFront) await noteContact(tables, answer, begun, ports.now);
    if (epoch === undefined || epoch.id === answer.epoch) {
      const { left, changedAt, receipt } = epoch ?? { left: [], changedAt: 0, receipt: null };
      // Whoever has been overtaken brings facts, but not the newest receipt.
      const newest = inFront ? answer.receipt : receipt;
      await writeMeta(tables, 'epoch', { id: answer.epoch, left, receipt: newest, changedAt });
      return takeRound(tables, replica, begun, answer, ports);
    }
    const moved = await takeEpoch(tables, epoch, replica, answer);
    const taken = await takeRound(tables, moved.replica, begun, answer, ports);
    if (moved.seqMissing) await writeMeta(tables, 'nextReplica', { id: ports.freshReplica });
    return { ...taken, is: 'new_epoch', progress: true, more: true, fork: taken.fork || moved.seqMissing };
  });
}

/** The answer's own epoch is the phone's: what it settles, and, where they may be taken, its rows. */
async function takeRound(
  tables: AccountTables,
  replica: MetaShapes['replica'],
  begun: BegunRound,
  answer: RoundAnswer,
  ports: TakePorts,
): Promise<Taken> {
  const outcomes = await takeOutcomes(tables, replica, answer);
  const withRows = (await mayTakeRows(tables, begun, answer)) && !outcomes.forked;
  const space = emptyWorkspace();
  await loadRows(
    tables,
    space,
    outcomes.entries.flatMap((entry) => entry.rows),
  );
  for (const entry of outcomes.entries) space.entries.set(entry.id, entry);
  const rows = withRows ? await takeRows(tables, space, begun, answer) : { moved: false, more: false };
  const rowsTo = withRows ? Math.max(replica.rowsTo, answer.ownTo) : replica.rowsTo;
  const ended = await endReplay(tables, space, { replica, rowsTo });
  await tables.outbox.bulkPut([
    ...new Map([...outcomes.entries, ...ended].map((entry) => [entry.id, entry])).values(),
  ]);
  await settleRows(tables, space);
  const heardTo = await heardUpTo(tables, replica, outcomes.entries);
  const marked = {
    ...replica,
    ...(await readMeta(tables, 'replica')),
    heardTo,
    rowsTo: Math.min(rowsTo, heardTo),
  };
  await writeMeta(tables, 'replica', marked);
  await writeMeta(tables, 'batch', grown(await readMeta(tables, 'batch')));
  const fork = outcomes.forked || (await gapNeedsFork(tables, replica, answer));
  if (fork) await writeMeta(tables, 'nextReplica', { id: ports.freshReplica });
  await pruneSettled(tables, answer);
  const asked = begun.request.down !== null && answer.signedIn;
  return {
    is: 'taken',
    heard: outcomes.entries.length,
    progress: outcomes.entries.length > 0 || rows.moved || rowsTo > replica.rowsTo || fork,
    fork,
    more: rows.more || !answer.settledAll || (asked && rowsTo < heardTo),
    unsent: await tables.outbox.where('phase').equals('unsent').count(),
    problem: answer.problem,
    sessionMissing: begun.request.down !== null && !answer.signedIn && answer.problem === null,
  };
}

/** The server lacks a seq: what is here from there on is sent again; what is not can only go under a new replica. */
async function gapNeedsFork(
  tables: AccountTables,
  replica: MetaShapes['replica'],
  answer: RoundAnswer,
): Promise<boolean> {
  if (answer.problem !== 'gap') return false;
  const retained = await tables.outbox
    .where('[replica+seq]')
    .between([replica.id, answer.lastSeq + 1], [replica.id, Infinity])
    .primaryKeys();
  if (retained.length !== replica.nextSeq - 1 - answer.lastSeq) return true;
  await writeMeta(tables, 'replica', {
    ...replica,
    heardTo: Math.min(replica.heardTo, answer.lastSeq),
    rowsTo: Math.min(replica.rowsTo, answer.lastSeq),
  });
  return false;
}
