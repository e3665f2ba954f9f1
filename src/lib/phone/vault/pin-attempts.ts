import type { Instant } from '../../kernel/clock.ts';

/** Wrong PINs in a row, as stored: counted before the PIN is tried, so that killing the app forgives nothing. */
export interface PinAttempts {
  readonly wrong: number;
  /** The phone's clock at the last wrong one: a claim, read so that a clock that jumps never waits longer than the wait. */
  readonly at: Instant;
}

export const NO_ATTEMPTS: PinAttempts = { wrong: 0, at: 0 };

/** After so many wrong PINs only a new enrolment opens the vault. */
export const WRONG_PIN_LIMIT = 10;
const LONGEST_WAIT_MS = 300_000;

/** Milliseconds to wait after the n-th wrong PIN in a row: 1, 2, 4 … seconds, at most 5 minutes. */
function waitAfter(wrong: number): number {
  return wrong === 0 ? 0 : Math.min(1000 * 2 ** (wrong - 1), LONGEST_WAIT_MS);
}

export type PinTurn =
  { readonly is: 'may_try' } | { readonly is: 'wait'; readonly waitMs: number } | { readonly is: 'spent' };

/** May a PIN be tried now? A clock set back is taken as no time passed. */
export function pinTurn(attempts: PinAttempts, now: Instant): PinTurn {
  if (attempts.wrong >= WRONG_PIN_LIMIT) return { is: 'spent' };
  const passed = Math.max(0, now - attempts.at);
  const waitMs = waitAfter(attempts.wrong) - passed;
  return waitMs > 0 ? { is: 'wait', waitMs } : { is: 'may_try' };
}

export function countAttempt(attempts: PinAttempts, now: Instant): PinAttempts {
  return { wrong: attempts.wrong + 1, at: now };
}

/** Takes one counted attempt back: the machinery failed, the PIN was not judged. */
export function uncount(attempts: PinAttempts): PinAttempts {
  return attempts.wrong <= 1 ? NO_ATTEMPTS : { ...attempts, wrong: attempts.wrong - 1 };
}

/** Tries left before the vault needs a new enrolment. */
export function triesLeft(attempts: PinAttempts): number {
  return Math.max(0, WRONG_PIN_LIMIT - attempts.wrong);
}

/** The same attempts under a clock that has been set back: the wait starts anew from now, once. */
export function mendClock(attempts: PinAttempts, now: Instant): PinAttempts {
  return attempts.at > now ? { ...attempts, at: now } : attempts;
}
