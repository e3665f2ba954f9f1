import { describe, expect, it } from 'vitest';
import { ALLOWED_IN_ENGLISH, ALLOWED_IN_VIETNAMESE } from './checks/allowed-words.ts';
import { leavesOf, textsOf } from './checks/dictionary-leaves.ts';
import {
  hasVietnameseLetters,
  isVietnameseSyllable,
  sentencesOf,
  wordsOf,
} from './checks/vietnamese-syllables.ts';
import { dictionary, messagesFor } from './both-languages.ts';
import { isLocale, isUnitWord, UNIT_WORDS } from './locale.ts';
import { officeWords } from './office-words.ts';

const vi = leavesOf({ ...dictionary.vi, ...officeWords.vi });
const en = leavesOf({ ...dictionary.en, ...officeWords.en });

/** Foreign words in a Vietnamese text. */
function foreignIn(text: string): readonly string[] {
  return wordsOf(text).filter((word) => !ALLOWED_IN_VIETNAMESE.has(word) && !isVietnameseSyllable(word));
}

describe('E2 both languages hold the same words', () => {
  it('has every key in both, strings beside strings and functions beside functions', () => {
    const shape = (leaves: typeof vi) => leaves.map(({ path, value }) => `${path}: ${typeof value}`).sort();
    expect(shape(en)).toEqual(shape(vi));
  });

  it('leaves nothing empty, padded, unresolved or decomposed', () => {
    for (const leaf of [...vi, ...en]) {
      for (const text of textsOf(leaf)) {
        expect(text.trim(), leaf.path).toBe(text);
        expect(text, leaf.path).not.toBe('');
        expect(text.normalize('NFC'), leaf.path).toBe(text);
      }
    }
  });

  it('puts every parameter into the Vietnamese text', () => {
    for (const { path, value } of vi) {
      if (typeof value === 'string') continue;
      const marks = Array.from({ length: value.length }, (_, at) => `mark${at}x`);
      const text = value(...(marks as never[]));
      for (const mark of marks) expect(text, path).toContain(mark);
    }
  });
});

describe('E2 no English on the Vietnamese screen, nor the reverse', () => {
  it('knows a Vietnamese syllable from a foreign word', () => {
    for (const word of 'phường nghiêng quyết giữ gì khuỷu Huỵch Oánh ẵm toà tòa'.split(' ')) {
      expect(isVietnameseSyllable(word), word).toBe(true);
    }
    for (const word of 'sync save upload the offline email update web not step'.split(' ')) {
      expect(isVietnameseSyllable(word), word).toBe(false);
    }
  });

  it.each(vi.map((leaf) => [leaf.path, leaf] as const))('vi %s', (path, leaf) => {
    for (const text of textsOf(leaf)) expect(foreignIn(text), `${path}: ${text}`).toEqual([]);
  });

  it('finds no Vietnamese in English but names', () => {
    for (const leaf of en) {
      if (leaf.path.startsWith('states.units')) continue;
      const texts = typeof leaf.value === 'string' ? [leaf.value] : textsOf(leaf).slice(0, 4);
      for (const text of texts) {
        const odd = wordsOf(text).filter(
          (word) => hasVietnameseLetters(word) && !ALLOWED_IN_ENGLISH.has(word),
        );
        expect(odd, leaf.path).toEqual([]);
      }
    }
  });

  it('keeps a Vietnamese sentence within 30 syllables', () => {
    for (const leaf of vi) {
      for (const text of textsOf(leaf)) {
        for (const sentence of sentencesOf(text)) {
          expect(wordsOf(sentence).length, `${leaf.path}: ${sentence}`).toBeLessThanOrEqual(30);
        }
      }
    }
  });
});

describe('words of the four states', () => {
  it('names the unit the ward chose', () => {
    expect(UNIT_WORDS.map((unit) => messagesFor('vi').states.delivered(unit))).toEqual([
      'Đã về phường',
      'Đã về xã',
      'Đã về đặc khu',
    ]);
    expect(messagesFor('en').states.delivered('xã')).toBe('Received by the commune');
  });

  it('counts in both languages', () => {
    expect(messagesFor('vi').states.unsent(3)).toBe('Còn 3 lượt chưa gửi');
    expect([1, 3].map((count) => messagesFor('en').states.unsent(count))).toEqual([
      '1 visit not sent yet',
      '3 visits not sent yet',
    ]);
  });

  it('narrows untrusted words', () => {
    expect([isLocale('vi'), isLocale('fr'), isUnitWord('xã'), isUnitWord('Xã')]).toEqual([
      true,
      false,
      true,
      false,
    ]);
  });
});
