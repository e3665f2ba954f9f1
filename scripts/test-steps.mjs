import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './prepare.mjs';

/**
 * One step of the tests. `report` names the file in which the step's own runner counts; a step without one counts as one.
 * @typedef {{ name: string, args: string[], report?: string, kind?: 'vitest' | 'playwright', env?: Record<string, string> }} Step
 * @typedef {{ passed: number, failed: number, skipped: number }} Counts
 */

const bin = (/** @type {string[]} */ ...parts) => join(root, 'node_modules', ...parts);
const results = join(root, 'tests', 'results');

/**
 * @param {string} name
 * @param {string[]} projects
 * @returns {Step}
 */
function vitest(name, projects) {
  const report = join(results, `${name.replaceAll(' ', '-')}.json`);
  const selected = projects.flatMap((project) => ['--project', project]);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  return {
    name,
    kind: 'vitest',
    report,
    args: [bin('vitest', 'vitest.mjs'), 'run', ...selected, ...reporters],
  };
}

/**
 * @param {string} name
 * @param {string[]} choice
 * @returns {Step}
 */
function playwright(name, choice) {
  const report = join(results, `${name.replaceAll(' ', '-')}.json`);
  return {
    name,
    kind: 'playwright',
    report,
    args: [bin('@playwright', 'test', 'cli.js'), 'test', '--reporter=line,json', ...choice],
    env: { PLAYWRIGHT_JSON_OUTPUT_NAME: report },
  };
}

/** Judged from the text alone: they need no database and no browser. @type {Step[]} */
export const textSteps = [
  { name: 'format', args: [bin('prettier', 'bin', 'prettier.cjs'), '--check', '--cache', '.'] },
  {
    name: 'lint',
    args: [
      bin('eslint', 'bin', 'eslint.js'),
      '.',
      '--max-warnings',
      '0',
      '--cache',
      '--cache-location',
      bin('.cache', 'eslint/'),
    ],
  },
  {
    name: 'types',
    args: [bin('svelte-check', 'bin', 'svelte-check'), '--fail-on-warnings', '--output', 'human'],
  },
  {
    name: 'types of the service worker',
    args: [bin('typescript', 'bin', 'tsc'), '--noEmit', '-p', 'src/service-worker'],
  },
];

export const unit = vitest('unit and property', ['unit', 'unit-elsewhere']);

/** In the order in which a fault is cheapest to find. @type {Step[]} */
export const deepSteps = [
  vitest('house', ['house']),
  vitest('simulation', ['simulation']),
  vitest('real sql', ['server', 'served']),
  vitest('real browser', ['browser']),
  vitest('drills', ['drills']),
  playwright('end to end', []),
];

/** @param {string} path */
function readJson(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : null;
}

/** @param {Step} step */
export function forgetReport(step) {
  if (step.report !== undefined) rmSync(step.report, { force: true });
}

/**
 * What a finished step counts for. A runner that crashed, left no report, or ran nothing is one failure: silence is never green.
 * @param {Step} step
 * @param {number} status
 * @returns {Counts}
 */
export function countStep(step, status) {
  if (step.report === undefined)
    return { passed: status === 0 ? 1 : 0, failed: status === 0 ? 0 : 1, skipped: 0 };
  const report = readJson(step.report);
  const counts = step.kind === 'playwright' ? countPlaywright(report) : countVitest(report);
  if (counts.passed + counts.failed === 0) return { ...counts, failed: 1 };
  return status !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

/**
 * @param {any} report
 * @returns {Counts}
 */
function countVitest(report) {
  const { numPassedTests = 0, numFailedTests = 0, numPendingTests = 0, numTodoTests = 0 } = report ?? {};
  return { passed: numPassedTests, failed: numFailedTests, skipped: numPendingTests + numTodoTests };
}

/**
 * @param {any} report
 * @returns {Counts}
 */
function countPlaywright(report) {
  const { expected = 0, unexpected = 0, flaky = 0, skipped = 0 } = report?.stats ?? {};
  return { passed: expected, failed: unexpected + flaky, skipped };
}
