import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fold, foldedWords } from './fold.ts';

describe('G1 folding for search', () => {
  it.each([
    ['Đăng ký khai sinh', 'dang ky khai sinh'],
    ['ĐĂNG KÝ THƯỜNG TRÚ', 'dang ky thuong tru'],
    ['Hoà', 'hoa'],
    ['Hòa', 'hoa'],
    ['nghĩa vụ, quyền sử dụng đất', 'nghia vu, quyen su dung dat'],
    ['Ẵ Ặ Ỗ Ợ Ữ Ỵ', 'a a o o u y'],
    ['ＶＮｅＩＤ', 'vneid'],
    ["K'Bril", "k'bril"],
    ['Ð (eth)', 'd (eth)'],
  ])('%s → %s', (text, folded) => {
    expect(fold(text)).toBe(folded);
    expect(fold(text.normalize('NFD'))).toBe(folded);
    expect(fold(text.normalize('NFC'))).toBe(folded);
  });

  it('is settled after one pass and never throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(fold(fold(text))).toBe(fold(text));
      }),
    );
  });

  it('splits into words at anything that is no letter or digit', () => {
    expect(foldedWords('Cấp đổi thẻ căn-cước (mức 2), mã 1.014063')).toEqual([
      'cap',
      'doi',
      'the',
      'can',
      'cuoc',
      'muc',
      '2',
      'ma',
      '1',
      '014063',
    ]);
    expect(foldedWords(' … ')).toEqual([]);
  });
});
