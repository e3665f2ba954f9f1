import type { PersonId } from '../../domain/record/ids.ts';
import { restAfter } from './back-off.ts';
import type { PhoneWorld } from './browser-world.ts';
import type { RunEnd } from './courier-world.ts';
import { deliver } from './deliver.ts';
import { isFrozen } from './lease.ts';

/** The courier of one page: every account that has a database here, whatever is locked or signed out. */
export interface Courier {
  /** Something happened that makes a try worth while: a save, `online`, the page seen again, unlocked, signed in. */
  wake(why: string): void;
  /** "Gửi ngay": resolves when every account's run has ended. */
  sendNow(): Promise<void>;
  stop(): void;
}

interface Runner {
  /** Its account is no longer here, or was never enrolled: it has ended by itself. */
  readonly ended: () => boolean;
  wake(): void;
  readonly run: () => Promise<RunEnd>;
  stop(): void;
}

/** One run for one account, whoever is in front. */
export async function forAccount(person: PersonId, world: PhoneWorld): Promise<RunEnd> {
  try {
    return await deliver({ db: await world.openDb(person), world });
  } catch {
    // Storage that cannot even be opened: the screens say so, the courier comes again.
    return { is: 'failed', why: 'storage', afterMs: null };
  }
}

function startRunner(person: PersonId, world: PhoneWorld): Runner {
  const stopped = new AbortController();
  let rest = new AbortController();
  let failures = 0;
  let wakes = 0;
  let running: Promise<RunEnd> | null = null;
  const once = async (): Promise<RunEnd> => {
    const end = await forAccount(person, world);
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
      if (wakes > before) continue;
      rest = new AbortController();
      const open = world.pullKey(person) !== null;
      await world.timer.wait(restAfter(end, failures, open, world.random), rest.signal);
    }
  };
  void loop();
  return {
    run,
    ended: () => stopped.signal.aborted,
    wake: () => {
      wakes += 1;
      failures = 0;
      rest.abort();
    },
    stop: () => {
      stopped.abort();
      rest.abort();
    },
  };
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
    sendNow: async () => {
      await look();
      await Promise.all([...runners.values()].map((runner) => runner.run()));
    },
    stop: () => {
      stopped = true;
      page.removeEventListener?.('online', wake);
      page.document?.removeEventListener('visibilitychange', seen);
      for (const runner of runners.values()) runner.stop();
    },
  };
}
