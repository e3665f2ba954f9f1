import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isInstalled } from './install-state.mjs';
import { countStep } from './test-steps.mjs';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'xks-steps-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('the last line of npm test tells the truth', () => {
  const vitest = (report: unknown, status = 0): ReturnType<typeof countStep> => {
    const path = join(folder, 'r.json');
    if (report !== null) writeFileSync(path, JSON.stringify(report));
    return countStep({ name: 'x', args: [], kind: 'vitest', report: path }, status);
  };

  it('counts what a runner counted', () => {
    const report = { numPassedTests: 7, numFailedTests: 2, numPendingTests: 1, numTodoTests: 1 };
    expect(vitest(report, 1)).toEqual({ passed: 7, failed: 2, skipped: 2 });
  });

  it('a step that ran nothing is a failure', () => {
    expect(vitest({ numPassedTests: 0, numFailedTests: 0 }).failed).toBe(1);
    expect(vitest({ numPendingTests: 5 }).failed).toBe(1);
  });

  it('a runner that left no report is a failure', () => {
    expect(vitest(null).failed).toBe(1);
  });

  it('a runner that ended badly although its tests passed is a failure (an unhandled fault, a broken file)', () => {
    expect(vitest({ numPassedTests: 3 }, 1)).toEqual({ passed: 3, failed: 1, skipped: 0 });
  });

  it('a step without a report counts as one', () => {
    expect(countStep({ name: 'lint', args: [] }, 0)).toEqual({ passed: 1, failed: 0, skipped: 0 });
    expect(countStep({ name: 'lint', args: [] }, 2)).toEqual({ passed: 0, failed: 1, skipped: 0 });
  });

  it('in the browser tests, one that passed only at the second try has failed', () => {
    const path = join(folder, 'p.json');
    writeFileSync(path, JSON.stringify({ stats: { expected: 4, unexpected: 0, flaky: 1, skipped: 2 } }));
    const step = { name: 'e2e', args: [], kind: 'playwright' as const, report: path };
    expect(countStep(step, 0)).toEqual({ passed: 4, failed: 1, skipped: 2 });
  });
});

describe('whether node_modules is what the lockfile asks for', () => {
  const lay = (name: string, packages: object): void =>
    writeFileSync(join(folder, name), JSON.stringify({ packages }));
  const wanted = {
    '': {},
    'node_modules/a': { version: '1.0.0' },
    'node_modules/b': { version: '2.0.0', optional: true },
  };

  it.each([
    ['everything', { 'node_modules/a': { version: '1.0.0' }, 'node_modules/b': { version: '2.0.0' } }, true],
    ['all but another machine’s package', { 'node_modules/a': { version: '1.0.0' } }, true],
    ['an older version', { 'node_modules/a': { version: '0.9.0' } }, false],
    [
      'an older optional one',
      { 'node_modules/a': { version: '1.0.0' }, 'node_modules/b': { version: '1.0.0' } },
      false,
    ],
    ['a package missing', {}, false],
  ])('%s', (_what, present, answer) => {
    mkdirSync(join(folder, 'node_modules'));
    lay('package-lock.json', wanted);
    lay('node_modules/.package-lock.json', present);
    expect(isInstalled(folder)).toBe(answer);
  });

  it('an install that was broken off counts as none', () => {
    lay('package-lock.json', wanted);
    expect(isInstalled(folder)).toBe(false);
  });
});
