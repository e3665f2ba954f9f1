import { bucketsGranted } from '$lib/domain/record/belonging.ts';
import type { RoundAnswer, Settled } from '$lib/protocol/round.ts';
import { presentGrant } from './actors.ts';
import { loadEntries, type PullScope, pullDown } from './down-pages.ts';
import type { RoundCall, RoundWorld } from './round-call.ts';
import { EPOCHS_NAMED, signReceipt } from './signed-token.ts';
import { isEnded, type KeyOpener, ownReceipt, type Speaker } from './speaker.ts';
import type { BucketEntry, EpochRecord, ReplicaRecord, SettledRecord, WardReader } from './store.ts';
import type { UpProblem } from './take-up.ts';
import { WireRows } from './wire-rows.ts';

const SETTLED_AT_MOST = 2000;
const RESETTLED_AT_MOST = 2000;
/** Seqs whose rows come in one answer outside the paging. */
const OWN_SEQS = 500;

export interface Answering {
  readonly speaker: Speaker;
  readonly call: RoundCall;
  readonly keyOf: KeyOpener;
  readonly problem: UpProblem;
}

function toWire(record: SettledRecord): Settled {
  const { seq, id, outcome, commit } = record;
  return { seq, id, outcome: outcome as Settled['outcome'], commit };
}

type Facts = Pick<RoundAnswer, 'epoch' | 'lastSeq' | 'settled' | 'settledAll' | 'resettled' | 'receipt'>;

/** What a delivery token alone may hear: outcomes. */
async function facts(world: RoundWorld, tx: WardReader, given: Answering, now: Moment): Promise<Facts> {
  const { body } = given.call;
  const { replica, lastSeq, person } = now.replica;
  const settled = await tx.settled(replica, body.heardTo, lastSeq, SETTLED_AT_MOST);
  const reached = settled.at(-1)?.seq ?? body.heardTo;
  const receipt = ownReceipt(world, given.speaker.ward, body);
  const heard = receipt?.epoch === now.epochs[0]?.id ? (receipt?.version ?? 0) : 0;
  const resettled = await tx.resettled(person, heard, RESETTLED_AT_MOST);
  return {
    epoch: now.epochs[0]?.id ?? '',
    lastSeq,
    settled: settled.map(toWire),
    settledAll: reached >= lastSeq,
    resettled: resettled.map(toWire),
    receipt: signReceipt(world.keys, {
      is: 'receipt',
      epoch: now.epochs[0]?.id ?? '',
      ward: given.speaker.ward,
      replica,
      lastSeq,
      version: now.version,
      mark: now.mark,
      earlier: now.epochs.slice(1, 1 + EPOCHS_NAMED).map((epoch) => epoch.id),
    }),
  };
}

interface Moment {
  readonly version: number;
  readonly mark: string;
  readonly epochs: readonly EpochRecord[];
  readonly replica: ReplicaRecord;
}

async function momentOf(tx: WardReader, speaker: Speaker): Promise<Moment> {
  const { version, mark } = await tx.state();
  const replica = (await tx.replica(speaker.replica.replica)) ?? speaker.replica;
  return { version, mark, epochs: await tx.epochs(), replica };
}

type Rows = Pick<RoundAnswer, 'own' | 'ownTo' | 'down'>;

/** The confirmed rows of one's own latest seqs, outside the paging; only what the account may still see. */
async function ownRows(
  scope: PullScope,
  replica: ReplicaRecord,
  rowsTo: number,
  granted: readonly string[],
): Promise<Pick<Rows, 'own' | 'ownTo'>> {
  const from = Math.min(rowsTo, replica.lastSeq);
  const ownTo = Math.min(replica.lastSeq, from + OWN_SEQS);
  if (ownTo === from) return { own: [], ownTo };
  const touched = await scope.tx.rowsOfSeqs(replica.replica, from, ownTo);
  const refs = [...new Map(touched.map(({ kind, id }) => [`${kind}/${id}`, { kind, id }])).values()];
  const entries = refs.length === 0 ? [] : await scope.tx.buckets(refs);
  const visible = new Map<string, BucketEntry>();
  for (const entry of entries)
    if (granted.includes(entry.bucket)) visible.set(`${entry.kind}/${entry.id}`, entry);
  return { own: await loadEntries(scope, [...visible.values()]), ownTo };
}

/** Rows, to a session of the same account. */
async function rowsFor(
  world: RoundWorld,
  tx: WardReader,
  given: Answering,
  now: Moment,
): Promise<Rows | 'unknown_key'> {
  const { speaker, call } = given;
  const asked = call.body.down;
  const grant = presentGrant(speaker.grants);
  if (asked === null || grant === undefined) return { own: [], ownTo: call.body.rowsTo, down: null };
  const dataKey = asked.key === null ? null : await given.keyOf(asked.key);
  if (asked.key !== null && dataKey === null) return 'unknown_key';
  const { person } = now.replica;
  const { ward } = speaker;
  const wire = new WireRows(tx, ward, world.keys, { person, dataKey });
  const { version, mark, epochs } = now;
  const scope = { tx, keys: world.keys, ward, person, epoch: epochs[0]?.id ?? '', version, mark, wire };
  const granted = bucketsGranted({ person, role: grant.role, teams: grant.teams });
  const own = await ownRows(scope, now.replica, call.body.rowsTo, granted);
  const complete = own.ownTo >= now.replica.lastSeq;
  return { ...own, down: complete ? await pullDown(scope, asked, granted) : null };
}

/** The answer to a round, read in one snapshot after everything that came with it has been committed. */
export async function answerRound(world: RoundWorld, tx: WardReader, given: Answering): Promise<RoundAnswer> {
  const { speaker, call } = given;
  const now = await momentOf(tx, speaker);
  const ended = isEnded(speaker) || now.replica.revoked;
  const { session } = call;
  const signedIn = !ended && session?.person === now.replica.person && session.ward === speaker.ward;
  const none: Rows = { own: [], ownTo: Math.min(call.body.rowsTo, now.replica.lastSeq), down: null };
  const rows = signedIn ? await rowsFor(world, tx, given, now) : none;
  const keyProblem = rows === 'unknown_key' ? rows : null;
  return {
    ...(await facts(world, tx, given, now)),
    serverTime: world.clock.now(),
    problem: ended ? 'revoked' : (given.problem ?? keyProblem),
    retryAfter: null,
    signedIn,
    ...(rows === 'unknown_key' ? none : rows),
    deliveryKey: world.keys.deliveryKey,
  };
}
