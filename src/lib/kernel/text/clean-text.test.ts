import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanText } from './clean-text.ts';
import { lengthOf } from './nfc.ts';

const NOTE = { most: 500, lines: 'many' } as const;
const NAME = { most: 80, lines: 'one' } as const;

function cleaned(raw: string, rule: typeof NOTE | typeof NAME = NOTE): string {
  const result = cleanText(raw, rule);
  if (!result.ok) throw new Error(result.error.kind);
  return result.value;
}

describe('bad input: free text is cleaned, never cut', () => {
  it('composes what arrives decomposed', () => {
    const decomposed = 'Nguyễn Thị Hường'.normalize('NFD');
    expect(cleaned(decomposed)).toBe('Nguyễn Thị Hường');
    expect(lengthOf(decomposed)).toBe(16);
  });

  it('drops what cannot be seen and tidies spaces', () => {
    expect(cleaned('  gọi\u0000 lại\u00a0 chiều\t nay\u202e \ufeff ')).toBe('gọi lại chiều nay');
    expect(cleaned('một\r\n\r\n\r\n\r\nhai \u2028 ba')).toBe('một\n\nhai\nba');
    expect(cleaned('bé \ud83d lẻ')).toBe('bé lẻ');
  });

  it('keeps emoji, joined ones too, and script as the plain text it is', () => {
    expect(cleaned('cả nhà 👨‍👩‍👧 vui 🎉')).toBe('cả nhà 👨‍👩‍👧 vui 🎉');
    expect(cleaned('<script>alert(1)</script> & "x"')).toBe('<script>alert(1)</script> & "x"');
  });

  it('keeps a name on one line', () => {
    expect(cleaned('Vàng\nA  Sử', NAME)).toBe('Vàng A Sử');
    expect(cleaned("K'Bril", NAME)).toBe("K'Bril");
  });

  it('answers too long with the length people would count', () => {
    expect(cleanText('ờ'.repeat(100_000), NOTE)).toEqual({
      ok: false,
      error: { kind: 'too_long', length: 100_000, most: 500 },
    });
    expect(cleanText('ờ'.normalize('NFD').repeat(500), NOTE).ok).toBe(true);
    expect(cleanText('🎉'.repeat(500), NOTE).ok).toBe(true);
  });

  it('is settled after one pass', () => {
    // Every kind of character that is cleaned, and any other unit: halves of characters included.
    const unit = fc.oneof(
      fc.constantFrom(
        ' ',
        '\n',
        '\r\n',
        '\t',
        '\u00a0',
        '\u200b',
        '\u202e',
        '\u2028',
        '\u0301',
        'e',
        'đ',
        '🎉',
      ),
      fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)),
    );
    fc.assert(
      fc.property(fc.array(unit, { maxLength: 40 }), (units) => {
        const once = cleaned(units.join(''));
        expect(cleaned(once)).toBe(once);
        expect(once.isWellFormed()).toBe(true);
      }),
    );
  });
});
