import { describe, expect, it } from 'vitest';
import { officeWords } from '$lib/messages/office-words.ts';
import { skewWords } from './skew-words.ts';

const text = officeWords.vi.officePeople.person.device;
const MINUTE = 60_000;

describe('I10 a wrong clock is said in words a person uses', () => {
  it.each([
    [6 * MINUTE, 'Chạy nhanh 6 phút'],
    [-45 * MINUTE, 'Chạy chậm 45 phút'],
    [119 * MINUTE, 'Chạy nhanh 119 phút'],
    [-3 * 60 * MINUTE, 'Chạy chậm 3 giờ'],
    [-3650 * 24 * 60 * MINUTE, 'Chạy chậm 3650 ngày'],
  ])('%d', (skew, said) => {
    expect(skewWords(text, skew)).toBe(said);
  });
});
