import type { ReplicaId } from '../../domain/record/ids.ts';
import { rowKey } from '../../domain/record/row.ts';
import type { Instant } from '../../kernel/clock.ts';
import type { RoundAnswer } from '../../protocol/round.ts';
import type { AccountTables } from '../store/account-tables.ts';
import { guardCode } from '../store/code-guard.ts';
import { readMeta, writeMeta } from '../store/meta.ts';
import type { ContactProblem, MetaShapes, OutboxEntry } from '../store/stored.ts';
import { isIn } from '../view/replay.ts';
import {
  emptyWorkspace,
  loadRows,
  mutationOf,
  type RowWorkspace,
  settleRows,
} from '../view/row-workspace.ts';
import { grown } from './batch-size.ts';
import type { BegunRound } from './begin-round.ts';
import { takeEpoch } from './new-epoch.ts';
import { pruneSettled } from './prune-settled.ts';
import { heardUpTo, takeOutcomes } from './take-outcomes.ts';
import { dropBucket, keysOfRows, leaveBucket, OWN, stageBucket, stageOwn, sweepBucket } from './take-rows.ts';

/** What an answer came to on the phone. */
export interface Taken {
  /** `dropped`: an answer of an epoch or a replica the phone has left. */
  readonly is: 'taken' | 'dropped' | 'new_epoch';
  /** Outcomes heard for the first time. */
  readonly heard: number;
  /** Something moved: an outcome, a row, a cursor, a mark. */
  readonly progress: boolean;
  /** The replica id is used elsewhere, or a seq the server wants is gone: register a new one. */
  readonly fork: boolean;
  /** There is more to ask for at once. */
  readonly more: boolean;
  /** Entries that still wait for their outcome. */
  readonly unsent: number;
  readonly problem: RoundAnswer['problem'];
  readonly sessionMissing: boolean;
}

const NOTHING: Taken = {
  is: 'dropped',
  heard: 0,
  progress: false,
  fork: false,
  more: false,
  unsent: 0,
  problem: null,
  sessionMissing: false,
};

/** Ports that name a fresh replica id and the phone's clock: worked out before the transaction. */
export interface TakePorts {
  readonly freshReplica: ReplicaId;
  readonly now: Instant;
}

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
    if (replica?.id !== begun.replica) return NOTHING;
    const epoch = await readMeta(tables, 'epoch');
    if (epoch?.left.includes(answer.epoch) === true) return NOTHING;
    await noteContact(tables, answer, begun, ports.now);
    if (epoch === undefined || epoch.id === answer.epoch) {
      const { left, changedAt } = epoch ?? { left: [], changedAt: 0 };
      await writeMeta(tables, 'epoch', { id: answer.epoch, left, receipt: answer.receipt, changedAt });
      return takeSameEpoch(tables, replica, begun, answer, ports);
    }
    const moved = await takeEpoch(tables, epoch, replica, answer);
    const taken = await takeSameEpoch(tables, moved.replica, begun, answer, ports);
    if (moved.seqMissing) await writeMeta(tables, 'nextReplica', { id: ports.freshReplica });
    return { ...taken, is: 'new_epoch', progress: true, more: true, fork: taken.fork || moved.seqMissing };
  });
}

async function takeSameEpoch(
  tables: AccountTables,
  replica: MetaShapes['replica'],
  begun: BegunRound,
  answer: RoundAnswer,
  ports: TakePorts,
): Promise<Taken> {
  const taken = await takeOutcomes(tables, replica, answer);
  const withRows = (await mayTakeRows(tables, begun, answer)) && !taken.forked;
  const space = emptyWorkspace();
  await loadRows(
    tables,
    space,
    taken.entries.flatMap((entry) => entry.rows),
  );
  for (const entry of taken.entries) space.entries.set(entry.id, entry);
  const changed = new Map(taken.entries.map((entry) => [entry.id, entry]));
  const cursors = withRows ? await takeRows(tables, space, begun, answer) : { moved: false, more: false };
  const rowsTo = withRows ? Math.max(replica.rowsTo, answer.ownTo) : replica.rowsTo;
  if (withRows) await loadEntries(tables, space, replica, rowsTo);
  for (const entry of endReplay(space, replica, rowsTo)) changed.set(entry.id, entry);
  await tables.outbox.bulkPut([...changed.values()]);
  await settleRows(tables, space);
  const heardTo = await heardUpTo(tables, replica, taken.entries);
  await writeMeta(tables, 'replica', { ...replica, heardTo, rowsTo: Math.min(rowsTo, heardTo) });
  await writeMeta(tables, 'batch', grown(await readMeta(tables, 'batch')));
  const fork = taken.forked || (await gapNeedsFork(tables, replica, answer));
  if (fork) await writeMeta(tables, 'nextReplica', { id: ports.freshReplica });
  await pruneSettled(tables, answer);
  return {
    is: 'taken',
    heard: taken.entries.length,
    progress: taken.entries.length > 0 || cursors.moved || rowsTo > replica.rowsTo || fork,
    fork,
    more: cursors.more || !answer.settledAll || (begun.request.down !== null && rowsTo < heardTo),
    unsent: await tables.outbox.where('phase').equals('unsent').count(),
    problem: answer.problem,
    sessionMissing: begun.request.down !== null && !answer.signedIn && answer.problem === null,
  };
}

/** Rows are taken only by the holder of the lease, from the cursors still stored, and with every outcome before them. */
async function mayTakeRows(tables: AccountTables, begun: BegunRound, answer: RoundAnswer): Promise<boolean> {
  if (begun.request.down === null || !answer.signedIn || !answer.settledAll) return false;
  if ((await readMeta(tables, 'lease'))?.holder !== begun.holder) return false;
  const stored = (await tables.buckets.toArray()).filter(({ cursor }) => cursor !== '');
  const asked = begun.request.down.cursors;
  return (
    stored.length === Object.keys(asked).length &&
    stored.every(({ bucket, cursor }) => asked[bucket] === cursor)
  );
}

async function takeRows(
  tables: AccountTables,
  space: RowWorkspace,
  begun: BegunRound,
  answer: RoundAnswer,
): Promise<{ readonly moved: boolean; readonly more: boolean }> {
  const staging = { space, epoch: answer.epoch, key: begun.pullKey };
  const down = answer.down ?? { buckets: [], dropped: [] };
  await loadRows(tables, space, keysOfRows(answer));
  stageOwn(staging, answer.own);
  let moved = down.dropped.length > 0;
  const filled = [];
  for (const page of down.buckets) {
    const standing = await tables.buckets.get(page.bucket);
    const bucket = await stageBucket(tables, staging, page, standing);
    await tables.buckets.put(bucket);
    moved ||= standing?.cursor !== page.cursor || page.rows.length > 0;
    if ((page.fromStart || standing?.filling === true) && !page.more) filled.push(bucket);
  }
  for (const bucket of filled) await sweepBucket(tables, space, bucket);
  for (const bucket of down.dropped) await dropBucket(tables, space, bucket);
  if (filled.length > 0) await sweepLeftEpoch(tables, space, answer.epoch);
  return { moved, more: down.buckets.some((page) => page.more) };
}

/** Once every bucket is full again, rows that only a left epoch knew go too. */
async function sweepLeftEpoch(tables: AccountTables, space: RowWorkspace, epoch: string): Promise<void> {
  const filling = await tables.buckets.filter((bucket) => bucket.filling || bucket.cursor === '').count();
  if (filling > 0) return;
  const stale = await tables.rows
    .where('buckets')
    .equals(OWN)
    .filter((row) => row.confirmed?.epoch !== epoch)
    .primaryKeys();
  await loadRows(tables, space, stale);
  for (const key of stale)
    if (space.stored.get(key)?.confirmed?.epoch !== epoch) leaveBucket(space, key, OWN);
}

/** Entries heard earlier whose rows come only now (the courier had delivered them while the vault was locked). */
async function loadEntries(
  tables: AccountTables,
  space: RowWorkspace,
  replica: MetaShapes['replica'],
  rowsTo: number,
): Promise<void> {
  if (rowsTo <= replica.rowsTo) return;
  const entries = await tables.outbox
    .where('[replica+seq]')
    .between([replica.id, replica.rowsTo + 1], [replica.id, rowsTo], true, true)
    .toArray();
  await loadRows(
    tables,
    space,
    entries.flatMap((entry) => entry.rows),
  );
  for (const entry of entries) if (!space.entries.has(entry.id)) space.entries.set(entry.id, entry);
}

/** An applied mutation ends its replay when its rows are here: told so by `ownTo`, or seen in the rows themselves. */
function endReplay(space: RowWorkspace, replica: MetaShapes['replica'], rowsTo: number): OutboxEntry[] {
  const ended: OutboxEntry[] = [];
  for (const entry of space.entries.values()) {
    if (entry.replay === 0 || entry.outcome?.is !== 'applied') continue;
    if ((entry.replica === replica.id && entry.seq <= rowsTo) || isInRows(space, entry))
      ended.push({ ...entry, replay: 0 });
  }
  for (const entry of ended) space.entries.set(entry.id, entry);
  return ended;
}

function isInRows(space: RowWorkspace, entry: OutboxEntry): boolean {
  return mutationOf(entry).changes.every((change) => {
    const confirmed = space.stored.get(rowKey(change.row, change.id))?.confirmed;
    return confirmed !== null && confirmed !== undefined && isIn(confirmed, change, entry);
  });
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

const PROBLEMS: Readonly<Record<NonNullable<RoundAnswer['problem']>, ContactProblem | null>> = {
  gap: 'gap',
  forked: null,
  slow_down: 'slow_down',
  unknown_token: 'unknown_token',
  revoked: 'revoked',
  upgrade: 'upgrade',
  unknown_key: 'unknown_key',
};

async function noteContact(
  tables: AccountTables,
  answer: RoundAnswer,
  begun: BegunRound,
  now: Instant,
): Promise<void> {
  const noSession = begun.request.down !== null && !answer.signedIn ? 'no_session' : null;
  await writeMeta(tables, 'contact', {
    failures: 0,
    lastSuccessAt: now,
    skewMs: answer.serverTime - now,
    problem: answer.problem === null ? noSession : PROBLEMS[answer.problem],
    retryAfterS: answer.retryAfter ?? 0,
  });
  await writeMeta(tables, 'deliveryKey', answer.deliveryKey);
}
