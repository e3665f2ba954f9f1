import { describe, expect, it } from 'vitest';
import { vi } from '$lib/messages/dictionary.ts';
import { reportWords } from './problem-words.ts';

describe('I6 I11 what came of "Gửi ngay"', () => {
  it('all arrived: said so, and nothing else', () => {
    expect(reportWords(vi, 'phường', { is: 'sent', count: 2, left: 0 })).toEqual({
      tone: 'done',
      text: 'Đã gửi 2 lượt.',
    });
  });
  it('what was not taken is named beside what went: no tick over it', () => {
    expect(reportWords(vi, 'phường', { is: 'sent', count: 2, left: 1 }, 2)).toEqual({
      tone: 'attention',
      text: 'Đã gửi 2 lượt, còn 1 lượt chưa gửi. 2 lượt cần anh/chị xử lý.',
    });
  });
  it('no network is not the ward’s fault', () => {
    const said = reportWords(vi, 'phường', { is: 'stuck', problem: 'no_signal', retryAfterS: 0 });
    expect(said.tone).toBe('offline');
  });
});
