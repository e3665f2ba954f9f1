import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { settingsErrors } from './operator-messages.mjs';

describe('settings: a start that cannot be says why', () => {
  it('has words for every fault, and says each before anything starts', () => {
    const kindsNamed = [
      ...readFileSync('src/lib/server/settings/settings.ts', 'utf8').matchAll(/\| '([a-z_]+)'\n/g),
    ].map(([, kind = '']) => kind);
    expect(kindsNamed.length).toBeGreaterThan(10);
    for (const kind of kindsNamed) expect(settingsErrors[kind]?.('x'), kind).toMatch(/\p{L}/u);
  });
});
