import { describe, expect, it } from 'vitest';
import { BODY_LIMITS, judgeBody } from './body-limits.ts';

const judge = (path: string, length?: string, transferEncoding?: string): string =>
  judgeBody(path, { length, transferEncoding }, BODY_LIMITS);

describe('body limits', () => {
  it('64 kB everywhere, 4 MB for a delivery', () => {
    expect(judge('/login', '65536')).toBe('fine');
    expect(judge('/login', '65537')).toBe('too_large');
    expect(judge('/api/sync', '4194304')).toBe('fine');
    expect(judge('/api/sync/deliver', '4194304')).toBe('fine');
    expect(judge('/api/sync', '4194305')).toBe('too_large');
    expect(judge('/api/syncing', '65537')).toBe('too_large');
  });

  it('a body must say its length; no body at all is fine', () => {
    expect(judge('/login', undefined, 'chunked')).toBe('length_required');
    expect(judge('/login', '10', 'chunked')).toBe('length_required');
    expect(judge('/login')).toBe('fine');
    expect(judge('/login', 'ten')).toBe('too_large');
  });
});
