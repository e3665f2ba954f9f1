import { describe, expect, it } from 'vitest';
import {
  countAttempt,
  mendClock,
  NO_ATTEMPTS,
  type PinAttempts,
  pinTurn,
  triesLeft,
} from './pin-attempts.ts';

const wrongTimes = (times: number, at: number): PinAttempts =>
  Array.from({ length: times }).reduce<PinAttempts>((attempts) => countAttempt(attempts, at), NO_ATTEMPTS);

describe('A2 wrong PINs slow down, then need enrolment', () => {
  it('waits 1, 2, 4 … seconds and never more than five minutes', () => {
    const waits = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((times) => {
      const turn = pinTurn(wrongTimes(times, 1000), 1000);
      return turn.is === 'wait' ? turn.waitMs / 1000 : turn.is;
    });
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256]);
  });

  it('lets the next try through when the wait is over', () => {
    expect(pinTurn(wrongTimes(3, 1000), 4999)).toEqual({ is: 'wait', waitMs: 1 });
    expect(pinTurn(wrongTimes(3, 1000), 5000)).toEqual({ is: 'may_try' });
  });

  it('is spent after ten, whatever the clock says', () => {
    expect(pinTurn(wrongTimes(10, 0), Number.MAX_SAFE_INTEGER)).toEqual({ is: 'spent' });
    expect(triesLeft(wrongTimes(7, 0))).toBe(3);
  });

  it('a clock set back ten years does not lock anybody out for ten years', () => {
    const ahead = wrongTimes(2, 10 * 365 * 86_400_000);
    expect(pinTurn(ahead, 0)).toEqual({ is: 'wait', waitMs: 2000 });
    expect(pinTurn(mendClock(ahead, 0), 2000)).toEqual({ is: 'may_try' });
  });
});
