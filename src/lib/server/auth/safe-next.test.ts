import { describe, expect, it } from 'vitest';
import { safeNext } from './safe-next.ts';

const next = (value: string): string | null =>
  safeNext(new URL(`https://ward.lan/sign-in?next=${encodeURIComponent(value)}`));

describe('where to go after signing in', () => {
  it.each(['/filings', '/filings/01934b2c?tab=history', '/attention#x'])('%s is a path of ours', (path) => {
    expect(next(path)).toBe(path.replace(/#.*/, ''));
  });

  it.each([
    '',
    'https://evil.example/',
    '//evil.example',
    '/\\evil.example',
    'javascript:alert(1)',
    '/\t/evil.example',
    '/sign-in',
    `/${'a'.repeat(600)}`,
  ])('%j is not followed', (path) => {
    expect(next(path)).toBeNull();
  });
});
