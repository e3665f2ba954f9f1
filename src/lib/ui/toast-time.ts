import type { Instant } from '$lib/kernel/clock.ts';

/**
 * Whole seconds a toast still stands, counted up, 0 when over.
 * A clock set back never makes it longer than `lasts` (milliseconds).
 */
export function secondsLeft(since: Instant, now: Instant, lasts: number): number {
  const passed = Math.max(0, now - since);
  return Math.max(0, Math.ceil((lasts - passed) / 1000));
}
