import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isFieldPath } from './field-paths.ts';

const routes = new URL('../routes/', import.meta.url);
const parts = (group: string): string[] => {
  try {
    return readdirSync(new URL(`${encodeURIComponent(group)}/`, routes), { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith('('))
      .map(({ name }) => name);
  } catch {
    return [];
  }
};

describe('E1 offline: which addresses the shell answers', () => {
  it('answers every field screen that exists', () => {
    const field = [...parts('(field)'), ...parts('(field)/(work)')];
    expect(field.length).toBeGreaterThan(0);
    expect(field.filter((part) => !isFieldPath(`/${part}`))).toEqual([]);
    expect(isFieldPath('/')).toBe(true);
    expect(isFieldPath('/records/0190f0a0-0000-7000-8000-000000000001')).toBe(true);
  });

  it('leaves the office, the doors, the public and the api to the server', () => {
    const others = ['(office)', '(entry)', '(public)'].flatMap(parts);
    expect(
      [
        ...others,
        'api',
        'sign-in',
        'first-password',
        'filings',
        'teams',
        'attention',
        'assists',
        'verify',
      ].filter((part) => isFieldPath(`/${part}`)),
    ).toEqual([]);
  });
});
