import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lastFourOfCode } from './code-ending.ts';
import { judgeDossierCode, normaliseDossierCode } from './dossier-code.ts';

const PLAUSIBLE = [
  '000.00.12.H62-201105-0004',
  '000.00.01.H29-240115-0001',
  '000.00.26.H26-260930-0012',
  'H26-260930-0012',
  'G22.99-251225-020175',
  'G22.99.08-260921-896048',
  'G01.01-260102-12345',
];

describe('L2 dossier codes', () => {
  it.each(PLAUSIBLE)('takes %s', (code) => {
    expect(judgeDossierCode(code)).toEqual({ kind: 'plausible', code });
  });

  it.each([
    [' g22.99.08 - 260921 - 896048 ', 'G22.99.08-260921-896048'],
    ['Số hồ sơ: G22.99.08-260921-896048', 'G22.99.08-260921-896048'],
    ['Mã số hồ sơ : h26-260930-0012.', 'H26-260930-0012'],
    ['Mã hồ sơ: H26-260930-0012'.normalize('NFD'), 'H26-260930-0012'],
    ['Ｈ２６－２６０９３０－００１２', 'H26-260930-0012'],
    ['H26–260930—0012', 'H26-260930-0012'],
    ['H26\u200b-260930\u00a0-0012', 'H26-260930-0012'],
  ])('reads %j as people write it', (typed, code) => {
    expect(judgeDossierCode(typed)).toEqual({ kind: 'plausible', code });
  });

  it.each(['G22.99.3-260921-896048', 'g22.99.3 - 1', 'Mã hồ sơ: G22.99.3-1234567890', 'G22.99.3'])(
    'says that %j is a payment number',
    (typed) => {
      expect(judgeDossierCode(typed).kind).toBe('payment_number');
    },
  );

  it('does not take a liên thông code for a payment number', () => {
    expect(judgeDossierCode('G22.99.30-260921-896048').kind).toBe('plausible');
  });

  it.each([
    '',
    '   ',
    'H26',
    'H26-260930',
    'H26-260930-001',
    'H26-260930-0012345',
    'H26-261330-0012',
    'H26-260231-0012',
    'X26-260930-0012',
    'KQ.G15.000031',
    '1.001193',
    '001202012345',
    '0912345678',
    'H26-260930-0012; H26-260930-0013',
    '<script>',
    '🎉',
    'chưa có',
  ])('flags %j', (typed) => {
    expect(judgeDossierCode(typed).kind).toBe('implausible');
  });

  it('judges a stored code as it judged the typed one, whatever was typed', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom(...PLAUSIBLE)), (typed) => {
        const { kind, code } = judgeDossierCode(typed);
        expect(judgeDossierCode(code).kind).toBe(kind);
      }),
    );
  });

  it('answers 100,000 characters at once', () => {
    expect(judgeDossierCode('0.'.repeat(50_000)).kind).toBe('implausible');
    expect(normaliseDossierCode(' '.repeat(100_000))).toBe('');
  });

  it('L9 shows the last four only', () => {
    expect(lastFourOfCode('G22.99.08-260921-896048')).toBe('…6048');
    expect(lastFourOfCode('h26-260930-0012 ')).toBe('…0012');
  });
});
