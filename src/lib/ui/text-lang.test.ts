import { describe, expect, it } from 'vitest';
import { textLang } from './text-lang.ts';

describe('E2 content is marked as Vietnamese in the English interface', () => {
  it.each(['Đăng ký khai sinh', 'tổ dân phố 3', 'hẹn', 'bản'.normalize('NFD'), 'Khám bệnh'])('%s', (text) => {
    expect(textLang(text)).toBe('vi');
  });
  it.each(['Guided only', '23/11/2026', '–', 'VNeID', 'H26.22-261120-0012', 'naive, no marks', ''])(
    'not %s',
    (text) => {
      expect(textLang(text)).toBeUndefined();
    },
  );
});
