import { describe, expect, it } from 'vitest';
import { dictionary } from '$lib/messages/both-languages.ts';
import { momentText } from './moment-text.ts';
import { fieldName, valueWords } from './value-words.ts';

const m = dictionary.vi;
const nobody = () => undefined;

describe('E5 moments and values as people read them', () => {
  it('tells Vietnamese time whatever the machine says, and survives absurd clocks', () => {
    expect(momentText(Date.parse('2026-11-22T17:05:00Z'))).toBe('00:05, 23/11/2026');
    expect(momentText(Number.MAX_SAFE_INTEGER)).toBe('–');
  });

  it('has words for codes, days, ranges, names and gaps', () => {
    expect(valueWords(m, 'outcome', 'submitted', nobody)).toBe('Đã nộp, có mã hồ sơ');
    expect(valueWords(m, 'officialDay', '2026-11-27', nobody)).toBe('27/11/2026');
    const estimate = { earliest: '2026-11-27', latest: '2026-11-30', from: '2026-11-20' };
    expect(valueWords(m, 'estimate', estimate, nobody)).toBe('27/11/2026 – 30/11/2026');
    expect(valueWords(m, 'performedBy', ['a', 'b'], (id) => (id === 'a' ? 'Hạnh' : undefined))).toBe(
      'Hạnh, b',
    );
    expect(valueWords(m, 'reason', null, nobody)).toBe('–');
    expect(valueWords(m, 'outcome', 'toString', nobody)).toBe('toString');
    expect(fieldName(m, 'filing', 'code')).toBe('Mã hồ sơ');
  });
});
