import { describe, expect, it } from 'vitest';
import { readInvitation } from './invitation-text.ts';

const here = 'https://ward.lan';
const read = (text: string) => {
  const result = readInvitation(text, here);
  return result.ok ? result.value : result.error;
};

describe('A2 the invitation’s code, scanned or typed', () => {
  it.each([
    ['7KQ2M-XR4TB', '7KQ2MXR4TB'],
    [' 7kq2m xr4tb ', '7KQ2MXR4TB'],
    ['7KQ2M – XR4TB', '7KQ2MXR4TB'],
    ['7kq2u xr4tb', '7KQ2VXR4TB'],
    ['7KQ2M XR4TĐ', '7KQ2MXR4TD'],
    ['７ＫＱ２ＭＸＲ４ＴＢ', '7KQ2MXR4TB'],
    ['https://ward.lan/enrol#7KQ2MXR4TB', '7KQ2MXR4TB'],
    ['#7KQ2MXR4TB', '7KQ2MXR4TB'],
    ['https://evil.example/enrol#7KQ2MXR4TB', 'elsewhere'],
    ['http://ward.lan/enrol#7KQ2MXR4TB', 'elsewhere'],
    ['https://ward.lan/other#7KQ2MXR4TB', 'elsewhere'],
    ['7KQ2M XR4T0', 'strange_sign'],
    ['7KQ2M XR4TO', 'strange_sign'],
    ['7KQ2M XR4', 'too_short'],
    ['7KQ2M XR4TB2', 'too_long'],
    ['  ', 'empty'],
    ['x'.repeat(100_000), 'too_long'],
    ['%E0%A4%A', 'strange_sign'],
    ['https://ward.lan/enrol#%E0%A4%A', 'strange_sign'],
  ])('%s → %s', (text, expected) => {
    expect(read(text)).toBe(expected);
  });
});
