import { describe, expect, it } from 'vitest';
import { longerName } from './longer-name.ts';

const named = (shortName: string, value: string) =>
  longerName({ shortName, name: { value } as Parameters<typeof longerName>[0]['name'] });

describe('G1 a procedure is named once', () => {
  it('the official name is left out where it says the short one again', () => {
    expect(named('Đăng ký thường trú', 'Đăng ký thường trú')).toBeUndefined();
    expect(named('Đăng ký kết hôn', 'Thủ tục đăng ký kết hôn')).toBeUndefined();
  });
  it('and stands where it says more', () => {
    expect(named('Cấp lại căn cước', 'Cấp lại thẻ căn cước')).toBe('Cấp lại thẻ căn cước');
  });
});
