import { describe, expect, it } from 'vitest';
import { secondsLeft } from './toast-time.ts';

describe('L3 undo is offered for 10 seconds', () => {
  it.each([
    [0, 10],
    [1, 10],
    [1000, 9],
    [9999, 1],
    [10_000, 0],
    [60_000, 0],
  ])('after %i ms %i seconds are left', (passed, left) => {
    expect(secondsLeft(5_000, 5_000 + passed, 10_000)).toBe(left);
  });

  it('does not grow when the clock goes back', () => {
    expect(secondsLeft(5_000, -1e12, 10_000)).toBe(10);
  });
});
