import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './prepare.mjs';
import { countStep, forgetReport } from './test-steps.mjs';

/** A step that hangs is a step that failed. */
const STEP_LIMIT_MS = 45 * 60_000;

/**
 * @param {import('./test-steps.mjs').Step} step
 * @param {boolean} quiet collect the output and show it only when the step fails
 * @returns {Promise<number>}
 */
function run(step, quiet) {
  forgetReport(step);
  const child = spawn(process.execPath, step.args, {
    cwd: root,
    env: { ...process.env, ...step.env },
    stdio: ['ignore', quiet ? 'pipe' : 'inherit', quiet ? 'pipe' : 'inherit'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (said += chunk));
  const late = setTimeout(() => child.kill('SIGKILL'), STEP_LIMIT_MS);
  return new Promise((resolve) => {
    child.once('error', () => resolve(1));
    child.once('close', (code) => {
      clearTimeout(late);
      if (quiet && code !== 0) console.log(said);
      resolve(code ?? 1);
    });
  });
}

/** Adds up the steps and says how each went. */
export class Tally {
  passed = 0;
  failed = 0;
  /** @type {string[]} */
  notes = [];

  /**
   * @param {import('./test-steps.mjs').Step} step
   * @param {boolean} [quiet]
   */
  async run(step, quiet = false) {
    mkdirSync(join(root, 'tests', 'results'), { recursive: true });
    const began = Date.now();
    if (!quiet) console.log(`\n== ${step.name}`);
    const status = await run(step, quiet);
    const counts = countStep(step, status);
    this.passed += counts.passed;
    this.failed += counts.failed;
    const seconds = Math.round((Date.now() - began) / 1000);
    const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : '';
    const line = `${counts.failed === 0 ? 'ok  ' : 'FAIL'} ${step.name}: ${counts.passed} passed, ${counts.failed} failed${skipped} (${seconds} s)`;
    this.notes.push(line);
    console.log(line);
  }

  /** @param {string} what */
  fail(what) {
    this.failed += 1;
    this.notes.push(`FAIL ${what}`);
    console.log(`FAIL ${what}`);
  }

  /** The last line, and the exit code. */
  end() {
    console.log(`\n${this.notes.join('\n')}\n`);
    console.log(`${this.passed} passed, ${this.failed} failed`);
    process.exitCode = this.failed === 0 ? 0 : 1;
  }
}

/**
 * Runs steps that do not disturb each other, `lanes` at a time.
 * @param {Tally} tally
 * @param {readonly import('./test-steps.mjs').Step[]} steps
 * @param {number} lanes
 */
export async function runSideBySide(tally, steps, lanes) {
  const waiting = [...steps];
  const lane = async () => {
    for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) await tally.run(step, true);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}
