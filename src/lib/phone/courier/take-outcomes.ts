import type { Outcome } from '../../domain/record/mutation.ts';
import type { RoundAnswer, Settled } from '../../protocol/round.ts';
import type { AccountTables } from '../store/account-tables.ts';
import type { MetaShapes, OutboxEntry, OutboxPhase } from '../store/stored.ts';

type Told = Pick<RoundAnswer, 'epoch' | 'serverTime'>;

/** Applied, waiting and unknown kinds have arrived; refused, held and given up need their author, unless answered. */
export function phaseOf(outcome: Outcome | null, answered: boolean): OutboxPhase {
  if (outcome === null) return 'unsent';
  const needsYou = outcome.is === 'refused' || outcome.is === 'held' || outcome.is === 'given_up';
  return needsYou && !answered ? 'needs_you' : 'arrived';
}

/** An entry with what the server says became of it. An outcome is a fact of its epoch; it is acknowledged once. */
export function withOutcome(entry: OutboxEntry, settled: Settled, told: Told): OutboxEntry {
  const { outcome, commit } = settled;
  const known = entry.ackedAt > 0 && entry.ackedIn === told.epoch;
  return {
    ...entry,
    outcome,
    phase: phaseOf(outcome, entry.answeredBy !== null),
    commits: outcome.is === 'applied' ? { ...entry.commits, [told.epoch]: commit } : entry.commits,
    ackedAt: known ? entry.ackedAt : told.serverTime,
    ackedIn: told.epoch,
    // A restored server may have held what the one before it applied: that is to be seen again.
    replay: outcome.is !== 'applied' && entry.answeredBy === null ? 1 : entry.replay,
  };
}

/** Applied is the last word, in the epoch that said it: a restored server may have it held again. */
export function isFinalIn(entry: OutboxEntry, epoch: string): boolean {
  return entry.outcome?.is === 'applied' && entry.commits[epoch] !== undefined;
}

export interface TakenOutcomes {
  /** Entries whose outcome is new or other than before, as they stand now. */
  readonly entries: readonly OutboxEntry[];
  /** The server has another mutation under one of our seqs, or seqs we never made: our replica id is used elsewhere. */
  readonly forked: boolean;
}

function byIds(tables: AccountTables, settled: readonly Settled[]): PromiseLike<(OutboxEntry | undefined)[]> {
  return settled.length === 0 ? Promise.resolve([]) : tables.outbox.bulkGet(settled.map(({ id }) => id));
}

/** Reads the outcomes of an answer against the outbox. Writes nothing. */
export async function takeOutcomes(
  tables: AccountTables,
  replica: MetaShapes['replica'],
  answer: RoundAnswer,
): Promise<TakenOutcomes> {
  const [bySeq, later] = await Promise.all([byIds(tables, answer.settled), byIds(tables, answer.resettled)]);
  const entries: OutboxEntry[] = [];
  let forked = answer.problem === 'forked' || answer.lastSeq >= replica.nextSeq;
  answer.settled.forEach((settled, at) => {
    const entry = bySeq[at];
    if (settled.seq <= replica.heardTo) return;
    if (entry?.replica !== replica.id || entry.seq !== settled.seq) forked = true;
    else entries.push(withOutcome(entry, settled, answer));
  });
  answer.resettled.forEach((settled, at) => {
    const entry = later[at];
    if (entry !== undefined && !isFinalIn(entry, answer.epoch))
      entries.push(withOutcome(entry, settled, answer));
  });
  return { entries, forked };
}

/** The furthest seq up to which every outcome is stored, once these are. */
export async function heardUpTo(
  tables: AccountTables,
  replica: MetaShapes['replica'],
  heard: readonly OutboxEntry[],
  epoch: string,
): Promise<number> {
  const seqs = new Set(heard.filter((entry) => entry.replica === replica.id).map((entry) => entry.seq));
  for (let to = replica.heardTo; ; to += 1) {
    if (seqs.has(to + 1)) continue;
    const next = await tables.outbox.get({ '[replica+seq]': [replica.id, to + 1] });
    // An outcome of an epoch that was left is asked for anew.
    if (next === undefined || next.outcome === null || next.ackedIn !== epoch) return to;
  }
}
