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
    // Asked together: each wait for the disk's process is part of the way.
    const [replica, epoch, lease] = await Promise.all([
      readMeta(tables, 'replica'),
      readMeta(tables, 'epoch'),
      readMeta(tables, 'lease'),
      guardCode(tables),
    ]);
    if (replica?.id !== begun.replica) return NOTHING_TAKEN;
    if (epoch?.left.includes(answer.epoch) === true) return NOTHING_TAKEN;
    const inFront = lease?.holder === begun.holder;
    if (inFront) await noteContact(tables, answer, begun, ports.now);
    if (epoch !== undefined && epoch.id !== answer.epoch) {
      // Asked before the phone went on to where it is: which of the two epochs is the later cannot be seen from here.
      if (begun.epoch !== epoch.id) return NOTHING_TAKEN;
      const moved = await takeEpoch(tables, epoch, replica, answer);
      const taken = await takeRound(tables, moved.replica, begun, answer);
      return finish(
        tables,
        { ...taken, is: 'new_epoch', progress: true, more: true },
        ports,
        moved.seqMissing,
      );
    }
    const taken = await takeRound(tables, replica, begun, answer);
    const newest = (inFront || taken.heard > 0) && answer.lastSeq >= replica.heardTo;
    await noteEpoch(tables, epoch, answer, newest);
    return finish(tables, taken, ports, false);
  });
}

/**
 * Every outcome on the phone is behind the kept receipt: it alone can prove that a restored server has lost one. So
 * whoever has been overtaken brings its receipt when it brings an outcome; and an answer that lacks what has been heard
 * already, being older or of a restored server, brings none.
 */
async function noteEpoch(
  tables: AccountTables,
  epoch: MetaShapes['epoch'] | undefined,
  answer: RoundAnswer,
  newest: boolean,
): Promise<void> {
  const { left, changedAt, receipt } = epoch ?? { left: [], changedAt: 0, receipt: null };
  await writeMeta(tables, 'epoch', {
    id: answer.epoch,
    left,
    receipt: newest ? answer.receipt : receipt,
    changedAt,
  });
}

async function finish(
  tables: AccountTables,
  taken: Taken,
  ports: TakePorts,
  seqMissing: boolean,
): Promise<Taken> {
  const fork = taken.fork || seqMissing;
  if (fork) await writeMeta(tables, 'nextReplica', { id: ports.freshReplica });
  return { ...taken, fork, progress: taken.progress || fork };
}

/** The answer's epoch is the phone's: what it settles, and, where they may be taken, its rows. */
async function takeRound(
  tables: AccountTables,
  replica: MetaShapes['replica'],
  begun: BegunRound,
  answer: RoundAnswer,
): Promise<Taken> {
  const outcomes = await takeOutcomes(tables, replica, answer);
  const space = emptyWorkspace();
  await loadRows(
    tables,
    space,
    outcomes.entries.flatMap((entry) => entry.rows),
  );
  for (const entry of outcomes.entries) space.entries.set(entry.id, entry);
  const withRows = !outcomes.forked && (await mayTakeRows(tables, begun, answer));
  const rows = withRows ? await takeRows(tables, space, begun, answer) : { moved: false, more: false };
  const rowsTo = withRows ? Math.max(replica.rowsTo, answer.ownTo) : replica.rowsTo;
  const complete = withRows && answer.down !== null && !rows.more;
  const ended = await endReplay(tables, space, { replica, rowsTo, complete });
  // A pulled one that has left the quarantine has left the phone too, whatever this answer says of it besides.
  const heard = outcomes.entries.filter((entry) => entry.came !== 'pulled' || space.entries.has(entry.id));
  const changed = new Map([...heard, ...ended].map((entry) => [entry.id, entry]));
  await Promise.all([
    tables.outbox.bulkPut([...changed.values()]),
    settleRows(tables, space),
    readMeta(tables, 'batch').then((batch) => writeMeta(tables, 'batch', grown(batch))),
  ]);
  const [heardTo, unsent] = await Promise.all([
    heardUpTo(tables, replica, outcomes.entries, answer.epoch),
    tables.outbox.where('phase').equals('unsent').count(),
  ]);
  await moveMarks(tables, { heardTo, rowsTo: Math.min(rowsTo, heardTo) });
  await pruneSettled(tables, answer);
  const asked = begun.request.down !== null;
  return {
    is: 'taken',
    heard: outcomes.entries.length,
    progress: outcomes.entries.length > 0 || rows.moved || rowsTo > replica.rowsTo,
    fork: outcomes.forked || (await gapNeedsFork(tables, replica, answer)),
    more: rows.more || !answer.settledAll || (asked && answer.signedIn && rowsTo < heardTo),
    unsent,
    problem: answer.problem,
    sessionMissing: asked && !answer.signedIn && answer.problem === null,
  };
}

/** Only these two: the rest of the record may have moved within this transaction. */
async function moveMarks(
  tables: AccountTables,
  marks: Pick<MetaShapes['replica'], 'heardTo' | 'rowsTo'>,
): Promise<void> {
  const replica = await readMeta(tables, 'replica');
  if (replica !== undefined) await writeMeta(tables, 'replica', { ...replica, ...marks });
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
  const { lastSeq } = answer;
  await moveMarks(tables, {
    heardTo: Math.min(replica.heardTo, lastSeq),
    rowsTo: Math.min(replica.rowsTo, lastSeq),
  });
  return false;
}
