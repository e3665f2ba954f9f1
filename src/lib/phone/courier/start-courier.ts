import type { PersonId } from '../../domain/record/ids.ts';
import { restAfter } from './back-off.ts';
import type { PhoneWorld } from './browser-world.ts';
import type { RunEnd } from './courier-world.ts';
import { deliver } from './deliver.ts';
import { attempt } from '../store/storage-fault.ts';
import { unsentCount } from '../view/outbox-counts.ts';
import { isFrozen } from './lease.ts';
import { sendReport, type SendReport } from './send-report.ts';

/** The courier of one page: every account that has a database here, whatever is locked or signed out. */
export interface Courier {
  /** Something happened that makes a try worth while: a save, `online`, the page seen again, unlocked, signed in. */
  wake(why: string): void;
  /** "Gửi ngay": a round for every account at once, whatever rest was being kept; tells how this one's went. */
  sendNow(person: PersonId): Promise<SendReport>;
  stop(): void;
}

interface Runner {
  /** Its account is no longer here, or was never enrolled: it has ended by itself. */
  readonly ended: () => boolean;
  wake(): void;
  /** Runs now: out of any rest, also one that the server asked for. */
  readonly now: () => Promise<RunEnd>;
  stop(): void;
}

/** One run for one account, whoever is in front. `greet`: the ward is asked also when nothing waits. */
export async function forAccount(person: PersonId, world: PhoneWorld, greet = false): Promise<RunEnd> {
  try {
    return await deliver({ db: await world.openDb(person), world }, 'if_free', greet);
  } catch {
    // Storage that cannot even be opened: the screens say so, the courier comes again.
    return { is: 'failed', why: 'storage', afterMs: null };
  }
}

function startRunner(person: PersonId, world: PhoneWorld): Runner {
  const stopped = new AbortController();
  let rest = new AbortController();
  /** The rest is one that the server asked for: a save, a signal or a look at the page does not cut it short. */
  let asked = false;
  let failures = 0;
  /** The ward has answered since the page was opened: a phone that was revoked in a drawer hears of it, locked or not. */
  let greeted = false;
  let wakes = 0;
  let running: Promise<RunEnd> | null = null;
  const once = async (): Promise<RunEnd> => {
    const end = await forAccount(person, world, !greeted);
    greeted ||= end.is === 'done' || end.is === 'stopped';
    failures = end.is === 'failed' ? failures + 1 : 0;
    if (end.is !== 'busy') return end;
    const task = { db: await world.openDb(person), world };
    return (await isFrozen(task, stopped.signal)) ? deliver(task, 'steal') : end;
  };
  const run = (): Promise<RunEnd> => {
    running ??= once().finally(() => {
      running = null;
    });
    return running;
  };
  const loop = async (): Promise<void> => {
    while (!stopped.signal.aborted) {
      const before = wakes;
      const end = await run();
      if (end.is === 'stopped' && (end.why === 'revoked' || end.why === 'not_enrolled')) stopped.abort();
      asked = end.is === 'failed' && end.afterMs !== null;
      if (wakes > before && !asked) continue;
      rest = new AbortController();
      const open = world.pullKey(person) !== null;
      await world.timer.wait(restAfter(end, failures, open, world.random), rest.signal);
      asked = false;
    }
  };
  void loop();
  return {
    now: async () => {
      wakes += 1;
      failures = 0;
      // A run that had begun before knows nothing of what has changed since.
      await running;
      rest.abort();
      return run();
    },
    ended: () => stopped.signal.aborted,
    wake: () => {
      wakes += 1;
      if (asked) return;
      failures = 0;
      rest.abort();
    },
    stop: () => {
      stopped.abort();
      rest.abort();
    },
  };
}

/** Storage that cannot be read counts as nothing: the run itself says what is wrong with it. */
async function waiting(world: PhoneWorld, person: PersonId): Promise<number> {
  const counted = await attempt(async () => unsentCount(await world.openDb(person)));
  return counted.ok ? counted.value : 0;
}

/** Starts at once, and on every trigger there is: saves and unlocking (`wake`), `online`, the page seen again, a timer. */
export function startCourier(world: PhoneWorld): Courier {
  const runners = new Map<PersonId, Runner>();
  let stopped = false;
  const look = async (): Promise<void> => {
    const here = await world.accounts().catch(() => [...runners.keys()]);
    if (stopped) return;
    for (const [person, runner] of runners) {
      if (here.includes(person) && !runner.ended()) continue;
      runner.stop();
      runners.delete(person);
    }
    for (const person of here) {
      const standing = runners.get(person);
      if (standing === undefined) runners.set(person, startRunner(person, world));
      else standing.wake();
    }
  };
  const wake = (): void => void look();
  const page = globalThis as Partial<Pick<Window, 'addEventListener' | 'removeEventListener' | 'document'>>;
  const seen = (): void => {
    if (page.document?.visibilityState === 'visible') wake();
  };
  page.addEventListener?.('online', wake);
  page.document?.addEventListener('visibilitychange', seen);
  wake();
  return {
    wake,
    sendNow: async (person) => {
      await look();
      const before = await waiting(world, person);
      const runs = [...runners].map(async ([each, runner]) => {
        return [each, await runner.now()] as const;
      });
      const ends = new Map(await Promise.all(runs));
      const end = ends.get(person) ?? { is: 'stopped', why: 'not_enrolled' };
      return sendReport({ before, after: await waiting(world, person), end, online: world.online() });
    },
    stop: () => {
      stopped = true;
      page.removeEventListener?.('online', wake);
      page.document?.removeEventListener('visibilitychange', seen);
      for (const runner of runners.values()) runner.stop();
    },
  };
}
