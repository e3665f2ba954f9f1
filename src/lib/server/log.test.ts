import { describe, expect, it } from 'vitest';
import { redactLine } from './log.ts';

describe('log lines', () => {
  it('keep time and request id, and lose markers anywhere else', () => {
    const line = JSON.stringify({
      time: '2026-11-22T07:45:00.123Z',
      id: '01934b2c-7e00-7abc-8def-0123456789ab',
      fault: 'insert of 001202012345 failed',
      deep: { phone: ['0912345678'] },
      status: 500,
    });
    const written = redactLine(line);
    expect(written).toContain('2026-11-22T07:45:00.123Z');
    expect(written).toContain('01934b2c-7e00-7abc-8def-0123456789ab');
    expect(written).not.toMatch(/001202012345|0912345678/);
    expect(JSON.parse(written)).toMatchObject({ status: 500 });
  });
});
