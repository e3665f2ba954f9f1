import type { ReplicaId } from '../../domain/record/ids.ts';
import { uuidv7 } from '../../kernel/uuid.ts';
import { NO_CONTACT, readMeta, writeMeta } from '../store/meta.ts';
import { attempt } from '../store/storage-fault.ts';
import type { ContactProblem } from '../store/stored.ts';
import { halved, neverLetThrough } from './batch-size.ts';
import { type BeginFault, type BegunRound, beginRound, type RoundAsk } from './begin-round.ts';
import type { CourierTask, ExchangeFault, RunEnd, RunFault } from './courier-world.ts';
import { exchange } from './exchange.ts';
import { clearSending, underLease } from './lease.ts';
import { registerFork } from './register-fork.ts';
import { takeAnswer } from './take-answer.ts';
import type { Taken } from './taken.ts';

/** Rounds in one run; what is left goes in the next. */
const MOST_ROUNDS = 2000;
/** Answers in a row that move nothing: the server and we do not understand each other, so wait. */
const MOST_IDLE = 3;

/**
 * One run for one account: delivers what waits, and pulls when a vault is open. Key-blind; ends at the first failed
 * attempt (the scheduler tries again) or when there is nothing more to do. `greet`: one round at least, locked or not.
 */
export async function deliver(
  task: CourierTask,
  how: 'if_free' | 'steal' = 'if_free',
  greet = false,
): Promise<RunEnd> {
  const run = await attempt(() => underLease(task, how, (holder) => rounds(task, holder, greet)));
  if (!run.ok) return storageEnd(run.error);
  return run.value ?? { is: 'busy' };
}

const failed = (why: RunFault, afterMs: number | null = null): RunEnd => ({ is: 'failed', why, afterMs });

function storageEnd(fault: { readonly kind: string }): RunEnd {
  return fault.kind === 'newer_app' ? { is: 'stopped', why: 'newer_app' } : failed('storage');
}

async function rounds(task: CourierTask, holder: string, greet: boolean): Promise<RunEnd> {
  let mustAsk = true;
  let idle = 0;
  for (let count = 0; count < MOST_ROUNDS; count++) {
    const pullKey = task.world.pullKey(task.db.person);
    const { app, clock } = task.world;
    const ask: RoundAsk = { pullKey, mustAsk: mustAsk && (greet || pullKey !== null), at: clock.now(), app };
    const begun = await attempt<BegunRound | null, BeginFault>(() =>
      beginRound(task.db.relaxed, holder, ask),
    );
    if (!begun.ok) {
      const end = await cannotBegin(task, begun.error);
      if (end !== null) return end;
      continue;
    }
    if (begun.value === null) return { is: 'done' };
    const answer = await exchange(task.world, begun.value.token, begun.value.request);
    if (!answer.ok) {
      const end = await noAnswer(task, begun.value, answer.error);
      if (end !== null) return end;
      continue;
    }
    const now = task.world.clock.now();
    const ports = { now, freshReplica: uuidv7(task.world.clock, task.world.random) as ReplicaId };
    const begunRound = begun.value;
    const taken = await attempt(() => takeAnswer(task.db.relaxed, begunRound, answer.value, ports));
    if (!taken.ok) return storageEnd(taken.error);
    const end = judge(task, taken.value, answer.value.retryAfter);
    if (end !== null) return end;
    // Rows that came with the news of a fork were not taken: they are asked for again under the new replica.
    mustAsk = taken.value.more || taken.value.is === 'dropped' || taken.value.fork;
    idle = taken.value.progress ? 0 : idle + 1;
    if (idle >= MOST_IDLE) return failed('no_progress');
  }
  return { is: 'done' };
}

/** Null: the cause has been removed, go on. */
async function cannotBegin(
  task: CourierTask,
  fault: BeginFault | { readonly kind: string },
): Promise<RunEnd | null> {
  if (fault.kind === 'fork_first') {
    const forked = await registerFork(task);
    return forked.ok ? null : noteFailure(task, forked.error);
  }
  if (fault.kind === 'not_enrolled') return { is: 'stopped', why: 'not_enrolled' };
  return fault.kind === 'lease_lost' ? failed('lease_lost') : storageEnd(fault);
}

/** Null: with a smaller batch it may get through at once. */
async function noAnswer(task: CourierTask, begun: BegunRound, fault: ExchangeFault): Promise<RunEnd | null> {
  await clearSending(task.db.relaxed, begun.holder);
  if (fault.kind !== 'too_large' && fault.kind !== 'timed_out') return noteFailure(task, fault);
  const batch = await shrink(task, begun, fault.kind === 'too_large');
  if (fault.kind === 'timed_out') return noteFailure(task, fault);
  if (begun.sent > 1) return null;
  if (batch.tooLarge > 0 && neverLetThrough(batch)) {
    await giveUpFirst(task, begun);
    return null;
  }
  return noteFailure(task, fault);
}

async function shrink(
  { db }: CourierTask,
  begun: BegunRound,
  tooLarge: boolean,
): Promise<ReturnType<typeof halved>> {
  const tables = db.relaxed;
  return tables.transaction('rw', [tables.meta], async () => {
    const batch = halved(await readMeta(tables, 'batch'), begun.sent, tooLarge);
    await writeMeta(tables, 'batch', batch);
    return batch;
  });
}

/** A lone mutation that no way lets through gives up its seq; it stays with its author and in the unsent file. */
async function giveUpFirst({ db }: CourierTask, begun: BegunRound): Promise<void> {
  const first = begun.request.up[0];
  const tables = db.strict;
  await tables.transaction('rw', [tables.meta, tables.outbox], async () => {
    if (first !== undefined) await tables.outbox.update(first.id, { givesUp: true });
    const batch = await readMeta(tables, 'batch');
    if (batch !== undefined) await writeMeta(tables, 'batch', { ...batch, tooLarge: 0 });
  });
}

async function noteFailure({ db, world }: CourierTask, fault: ExchangeFault): Promise<RunEnd> {
  const tables = db.relaxed;
  const noted = await attempt(() =>
    tables.transaction('rw', [tables.meta], async () => {
      const contact = (await readMeta(tables, 'contact')) ?? NO_CONTACT;
      await writeMeta(tables, 'contact', {
        ...contact,
        problem: problemOf(fault),
        failures: contact.failures + 1,
      });
    }),
  );
  if (!noted.ok) return storageEnd(noted.error);
  if (fault.kind === 'unknown_token') {
    world.tell({ kind: 'unknown_token', person: db.person });
    return { is: 'stopped', why: 'unknown_token' };
  }
  if (fault.kind === 'upgrade') world.tell({ kind: 'upgrade', person: db.person });
  return failed(fault.kind, fault.kind === 'busy' ? fault.afterMs : null);
}

function problemOf(fault: ExchangeFault): ContactProblem {
  if (fault.kind === 'unknown_token' || fault.kind === 'upgrade' || fault.kind === 'not_ours')
    return fault.kind;
  return 'no_answer';
}

/** What an answer asks of the run as a whole. Null: go on. */
function judge({ db, world }: CourierTask, taken: Taken, retryAfterS: number | null): RunEnd | null {
  const { person } = db;
  if (taken.is === 'dropped') return null;
  tellTaken(world, person, taken);
  switch (taken.problem) {
    case 'slow_down':
      return failed('slow_down', (retryAfterS ?? 60) * 1000);
    case 'unknown_token':
      world.tell({ kind: 'unknown_token', person });
      return { is: 'stopped', why: 'unknown_token' };
    case 'revoked':
      return revoked(world, person, taken);
    case 'upgrade':
      world.tell({ kind: 'upgrade', person });
      return taken.unsent > 0 ? null : { is: 'done' };
    case 'unknown_key':
      world.tell({ kind: 'key_needed', person });
      return taken.unsent > 0 ? null : failed('unknown_key');
    case 'forked':
    case 'gap':
    case null:
      return isDone(taken) ? { is: 'done' } : null;
  }
}

function isDone(taken: Taken): boolean {
  return taken.unsent === 0 && (!taken.more || taken.sessionMissing) && !taken.fork;
}

function tellTaken(world: CourierTask['world'], person: CourierTask['db']['person'], taken: Taken): void {
  if (taken.heard > 0) world.tell({ kind: 'settled', person, count: taken.heard });
  if (taken.is === 'new_epoch') world.tell({ kind: 'epoch_changed', person });
  if (taken.sessionMissing) world.tell({ kind: 'session_needed', person });
}

/** Drain first: keys are dropped only when nothing unsent is left. */
function revoked(
  world: CourierTask['world'],
  person: CourierTask['db']['person'],
  taken: Taken,
): RunEnd | null {
  if (taken.unsent > 0) return null;
  world.tell({ kind: 'revoked', person });
  return { is: 'stopped', why: 'revoked' };
}
