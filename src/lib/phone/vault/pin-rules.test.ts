import { describe, expect, it } from 'vitest';
import { judgePin } from './pin-rules.ts';

describe('A2 PIN: six digits, guessable ones named', () => {
  it.each([
    ['111111', 'run'],
    ['123456', 'run'],
    ['654321', 'run'],
    ['890123', 'run'],
    ['121212', 'repeated'],
    ['123123', 'repeated'],
    ['112233', 'repeated'],
    ['199012', 'year'],
    ['011985', 'year'],
    ['150790', 'date'],
    ['900715', 'date'],
    ['739264', 'ok'],
    ['508173', 'ok'],
    ['12345', 'not_six_digits'],
    ['1234567', 'not_six_digits'],
    ['12345a', 'not_six_digits'],
    ['１２３４５６', 'not_six_digits'],
    ['', 'not_six_digits'],
  ] as const)('%s is %s', (pin, judgement) => {
    expect(judgePin(pin)).toBe(judgement);
  });

  it('leaves most PINs alone: a warning that comes always is read never', () => {
    const odd = Array.from({ length: 10_000 }, (_, i) => String((i * 99_991) % 1_000_000).padStart(6, '0'));
    const fine = odd.filter((pin) => judgePin(pin) === 'ok').length;
    expect(fine).toBeGreaterThan(8_500);
  });
});
