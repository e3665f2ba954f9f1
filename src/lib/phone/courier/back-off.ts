import type { Random } from '../../kernel/random.ts';
import type { RunEnd } from './courier-world.ts';

const FIRST_MS = 2000;
const MOST_MS = 300_000;
/** With the vault open, rows are asked for so often; locked, only what waits makes a request. */
const LOOK_OPEN_MS = 60_000;
const LOOK_LOCKED_MS = 300_000;
const BUSY_MS = 5000;

/** Between half and all of 2, 4, 8 … seconds, at most five minutes: phones that failed together do not return together. */
export function backOffMs(failures: number, random: Random): number {
  const whole = Math.min(MOST_MS, FIRST_MS * 2 ** Math.min(20, Math.max(0, failures - 1)));
  const [high = 0, low = 0] = random.bytes(2);
  return Math.round(whole * (0.5 + (high * 256 + low) / 131_072));
}

/** How long to rest after a run, unless something wakes the courier before. */
export function restAfter(end: RunEnd, failures: number, open: boolean, random: Random): number {
  switch (end.is) {
    case 'done':
      return open ? LOOK_OPEN_MS : LOOK_LOCKED_MS;
    case 'busy':
      return BUSY_MS;
    case 'stopped':
      return MOST_MS;
    case 'failed':
      return Math.max(end.afterMs ?? 0, backOffMs(failures, random));
  }
}
