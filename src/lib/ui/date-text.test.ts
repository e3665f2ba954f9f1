import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dayFromText, textFromDay } from './date-text.ts';

describe('E5 days are written dd/MM/yyyy', () => {
  it.each([
    ['5/9/2026', '2026-09-05'],
    ['05-09-2026', '2026-09-05'],
    ['05.09.26', '2026-09-05'],
    ['05 09 2026', '2026-09-05'],
    ['05092026', '2026-09-05'],
    [' 29/02/2028 ', '2028-02-29'],
  ])('reads %s', (text, day) => {
    expect(dayFromText(text)).toBe(day);
  });

  it.each([
    '',
    '31/02/2026',
    '29/02/2026',
    '13/13/2026',
    '2026-09-05',
    '0/1/2026',
    '5/9',
    '05/09/0026',
    'mai',
  ])('refuses %s', (text) => {
    expect(dayFromText(text)).toBeNull();
  });

  it('reads back every day it writes', () => {
    const day = fc.date({
      min: new Date('1900-01-01'),
      max: new Date('2199-12-31'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(day, (date) => {
        const iso = date.toISOString().slice(0, 10);
        expect(dayFromText(textFromDay(iso))).toBe(iso);
      }),
    );
  });
});
