import { bucketsGranted } from '$lib/domain/record/belonging.ts';
import { dataKeyMark } from '$lib/protocol/bound-bytes.ts';
import type { RoundAnswer, Settled } from '$lib/protocol/round.ts';
import { presentGrant } from './actors.ts';
import { cutPages, downOf, loadEntries, standingEntries } from './down-pages.ts';
import { epochsBefore } from './epochs.ts';
import type { RoundCall, RoundSession, RoundWorld } from './round-call.ts';
import { signReceipt } from './signed-token.ts';
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
  readonly call: Pick<RoundCall, 'body'>;
  readonly session: RoundSession | null;
  readonly keyOf: KeyOpener;
  readonly problem: UpProblem;
}

function toWire(record: SettledRecord): Settled {
  const { seq, id, outcome, commit } = record;
  return { seq, id, outcome: outcome as Settled['outcome'], commit };
}

/** What the answer is about: one moment, read in one snapshot. */
interface Moment {
  readonly version: number;
  readonly mark: string;
  readonly epochs: readonly EpochRecord[];
  readonly replica: ReplicaRecord;
  readonly settled: readonly SettledRecord[];
  /** Where the rows of one's own latest seqs lie, outside the paging; only what the account may still see. */
  readonly own: readonly BucketEntry[];
}

async function momentOf(tx: WardReader, given: Answering, granted: readonly string[]): Promise<Moment> {
  const { speaker, call } = given;
  const { heardTo, rowsTo } = call.body;
  const id = speaker.replica.replica;
  const [{ version, mark }, replica, epochs, settled, own] = await Promise.all([
    tx.state(),
    tx.replica(id),
    tx.epochs(),
    tx.settled(id, heardTo, Number.MAX_SAFE_INTEGER, SETTLED_AT_MOST),
    granted.length === 0 ? [] : tx.entriesOfSeqs(id, rowsTo, rowsTo + OWN_SEQS, granted),
  ]);
  return { version, mark, epochs, replica: replica ?? speaker.replica, settled, own };
}

type Facts = Pick<RoundAnswer, 'epoch' | 'lastSeq' | 'settled' | 'settledAll' | 'resettled' | 'receipt'>;

/** What a delivery token alone may hear: outcomes. */
async function facts(world: RoundWorld, tx: WardReader, given: Answering, now: Moment): Promise<Facts> {
  const { body } = given.call;
  const { replica, lastSeq, person } = now.replica;
  const { settled } = now;
  const reached = settled.at(-1)?.seq ?? body.heardTo;
  const receipt = ownReceipt(world, given.speaker.ward, body);
  const heard = receipt?.epoch === now.epochs[0]?.id ? (receipt?.version ?? 0) : 0;
  const resettled = await tx.resettled(person, heard, RESETTLED_AT_MOST);
  const told = await toldUpTo(tx, resettled, now);
  return {
    epoch: now.epochs[0]?.id ?? '',
    lastSeq,
    settled: settled.map(toWire),
    settledAll: reached >= lastSeq && told.all,
    resettled: resettled.map(toWire),
    receipt: signReceipt(world.keys, {
      is: 'receipt',
      epoch: now.epochs[0]?.id ?? '',
      ward: given.speaker.ward,
      replica,
      lastSeq,
      version: told.version,
      mark: told.mark,
      earlier: epochsBefore(now.epochs, receipt),
    }),
  };
}

/** Up to which commit the author has heard everything by this answer: the receipt says no more, so the rest is told next. */
async function toldUpTo(
  tx: WardReader,
  resettled: readonly { readonly toldAt: number }[],
  { version, mark }: Pick<Moment, 'version' | 'mark'>,
): Promise<{ readonly version: number; readonly mark: string; readonly all: boolean }> {
  const last = resettled.at(-1)?.toldAt ?? version;
  if (resettled.length < RESETTLED_AT_MOST || last >= version) return { version, mark, all: true };
  const lastMark = await tx.markOf(last);
  if (lastMark === null) throw new Error('a commit without its mark');
  return { version: last, mark: lastMark, all: false };
}

type Rows = Pick<RoundAnswer, 'own' | 'ownTo' | 'down'>;

/** Rows, to a session of the same account. */
async function rowsFor(
  world: RoundWorld,
  tx: WardReader,
  given: Answering,
  now: Moment,
  granted: readonly string[],
): Promise<Rows | 'unknown_key'> {
  const { speaker, call } = given;
  const asked = call.body.down;
  if (asked === null || granted.length === 0) return { own: [], ownTo: call.body.rowsTo, down: null };
  const dataKey = asked.key === null ? null : await given.keyOf(asked.key);
  // A token and a cookie, which a copied disk holds, name no key of their own: the device has signed for its one.
  const isVouched = dataKey !== null && (await dataKeyMark(dataKey)) === given.session?.keyMark;
  if (asked.key !== null && !isVouched) return 'unknown_key';
  const { person, lastSeq } = now.replica;
  const { ward } = speaker;
  const wire = new WireRows(tx, ward, world.keys, { person, dataKey });
  const { version, mark, epochs } = now;
  const scope = { tx, keys: world.keys, ward, person, epoch: epochs[0]?.id ?? '', version, mark, wire };
  const ownTo = Math.min(lastSeq, Math.min(call.body.rowsTo, lastSeq) + OWN_SEQS);
  const cut = ownTo < lastSeq ? null : await cutPages(scope, asked, granted);
  const own = [...new Map(now.own.map((entry) => [`${entry.kind}/${entry.id}`, entry])).values()];
  const rowsOf = await loadEntries(scope, [...own, ...(cut === null ? [] : standingEntries(cut))]);
  return { own: rowsOf(own), ownTo, down: cut && downOf(scope, cut, rowsOf) };
}

/** The buckets whose rows this answer may carry: none without a session of the same account, or without a wish. */
function readable({ speaker, call }: Answering, signedIn: boolean): readonly string[] {
  const grant = presentGrant(speaker.grants);
  if (!signedIn || call.body.down === null || grant === undefined) return [];
  return bucketsGranted({ person: speaker.replica.person, role: grant.role, teams: grant.teams });
}

/** The answer to a round, read in one snapshot after everything that came with it has been committed. */
export async function answerRound(world: RoundWorld, tx: WardReader, given: Answering): Promise<RoundAnswer> {
  const { speaker, call, session } = given;
  const known = session?.person === speaker.replica.person && session.ward === speaker.ward;
  const granted = readable(given, known && !isEnded(speaker));
  const now = await momentOf(tx, given, granted);
  const ended = isEnded(speaker) || now.replica.revoked;
  const signedIn = !ended && known;
  const none: Rows = { own: [], ownTo: Math.min(call.body.rowsTo, now.replica.lastSeq), down: null };
  const [said, rows] = await Promise.all([
    facts(world, tx, given, now),
    signedIn ? rowsFor(world, tx, given, now, granted) : none,
  ]);
  const keyProblem = rows === 'unknown_key' ? rows : null;
  return {
    ...said,
    serverTime: world.clock.now(),
    problem: ended ? 'revoked' : (given.problem ?? keyProblem),
    retryAfter: null,
    signedIn,
    ...(rows === 'unknown_key' ? none : rows),
    deliveryKey: world.keys.deliveryKey,
  };
}
