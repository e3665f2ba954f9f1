import { describe, expect, it } from 'vitest';
import { asDay } from '../../kernel/calendar/day.ts';
import type { Fee } from './fee.ts';
import { amountFor } from './fee.ts';

const TODAY = asDay('2026-11-22');
const WORDS = { words: 'lời', printed: null };

describe('G1 what it costs', () => {
  it('depends on the channel', () => {
    const fee: Fee = {
      kind: 'amounts',
      amounts: [
        { channel: 'online', vnd: 10_000 },
        { channel: 'direct', vnd: 20_000 },
      ],
      ...WORDS,
    };
    expect(amountFor(fee, 'online', TODAY)?.vnd).toBe(10_000);
    expect(amountFor(fee, 'direct', TODAY)?.vnd).toBe(20_000);
    expect(amountFor(fee, 'post', TODAY)).toBeNull();
  });

  it('a reduction ends after its last day', () => {
    const fee: Fee = {
      kind: 'amounts',
      amounts: [
        { channel: 'any', vnd: 25_000, validUntil: asDay('2026-12-31') },
        { channel: 'any', vnd: 50_000 },
      ],
      ...WORDS,
    };
    expect(amountFor(fee, 'online', asDay('2026-12-31'))?.vnd).toBe(25_000);
    expect(amountFor(fee, 'online', asDay('2027-01-01'))?.vnd).toBe(50_000);
  });

  it('says no amount where several could be meant, or none is known', () => {
    const pages: Fee = {
      kind: 'amounts',
      amounts: [
        { channel: 'direct', vnd: 2000, per: 'trang' },
        { channel: 'direct', vnd: 1000, per: 'trang' },
      ],
      ...WORDS,
    };
    expect(amountFor(pages, 'direct', TODAY)).toBeNull();
    expect(amountFor({ kind: 'varies', ...WORDS }, 'online', TODAY)).toBeNull();
    expect(amountFor({ kind: 'unknown', ...WORDS }, 'online', TODAY)).toBeNull();
  });
});
