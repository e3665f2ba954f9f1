import type { Instant } from '../../kernel/clock.ts';

const MINUTE_MS = 60_000;
/** Without a touch the vault locks after so long; while a visit is open, after so much longer. */
export const AUTO_LOCK = { idleMs: 5 * MINUTE_MS, visitMs: 45 * MINUTE_MS } as const;

export interface AutoLock {
  /** Something was touched. */
  active(): void;
  /** A visit is open on the screen: an older neighbour may take half an hour over one page. */
  visitOpen(open: boolean): void;
  /** Locks when the time is up: called by the timer and whenever the page is seen again. */
  look(): void;
  stop(): void;
}

/** When the vault is due to lock. A clock that jumps back counts as no time passed; forward, as time passed. */
export function lockDue(lastActive: Instant, visit: boolean, now: Instant): boolean {
  return now - lastActive >= (visit ? AUTO_LOCK.visitMs : AUTO_LOCK.idleMs);
}

export interface AutoLockPorts {
  readonly now: () => Instant;
  /** Runs after so many milliseconds; returns the way to call it off. */
  readonly after: (ms: number, run: () => void) => () => void;
  readonly lock: () => void;
}

const LOOK_EVERY_MS = 5000;

export function startAutoLock(ports: AutoLockPorts): AutoLock {
  let lastActive = ports.now();
  let visit = false;
  let stopped = false;
  let cancel = (): void => undefined;
  const stop = (): void => {
    stopped = true;
    cancel();
  };
  const look = (): void => {
    if (stopped) return;
    const now = ports.now();
    if (now < lastActive) lastActive = now;
    if (!lockDue(lastActive, visit, now)) return;
    stop();
    ports.lock();
  };
  const tick = (): void => {
    look();
    if (!stopped) cancel = ports.after(LOOK_EVERY_MS, tick);
  };
  cancel = ports.after(LOOK_EVERY_MS, tick);
  return {
    active: () => {
      look();
      lastActive = ports.now();
    },
    visitOpen: (open) => {
      look();
      visit = open;
      lastActive = ports.now();
    },
    look,
    stop,
  };
}
