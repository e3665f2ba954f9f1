import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isInstalled } from './install-state.mjs';
import { mendPostgres } from './mend-postgres.mjs';
import { buildFailed, installFailed, steps } from './operator-messages.mjs';
import { sourceStamp } from './source-stamp.mjs';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** A step that cannot go on: its message is all the operator sees. */
export class Stop extends Error {}

/**
 * @param {string} file
 * @param {string[]} args
 */
function run(file, args) {
  const options = { cwd: root, stdio: /** @type {const} */ ('inherit'), shell: process.platform === 'win32' };
  return spawnSync(file, args, options).status === 0;
}

/**
 * Shows what a program said only when it failed: a successful build has nothing to tell the operator.
 * @param {string} file
 * @param {string[]} args
 */
function runQuietly(file, args) {
  const done = spawnSync(file, args, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 26 });
  if (done.status !== 0) console.error(`${done.stdout}\n${done.stderr}`);
  return done.status === 0;
}

/** Installs from the lockfile when node_modules is missing or differs from it. Never changes the lockfile. */
export function ensureInstalled() {
  if (!isInstalled(root)) install();
  // Also where an install was told to run no scripts.
  mendPostgres();
}

function install() {
  console.log(steps.installing);
  // The npm that started us, if any; with development packages, whatever NODE_ENV says: the build needs them.
  const npm = process.env['npm_execpath'];
  const args = ['ci', '--include=dev', '--no-audit', '--no-fund'];
  const done = npm?.endsWith('.js') ? run(process.execPath, [npm, ...args]) : run('npm', args);
  if (!done) throw new Stop(installFailed);
}

/** Makes the files that TypeScript's path names come from. */
export function ensureSynced() {
  if (existsSync(join(root, '.svelte-kit', 'tsconfig.json'))) return;
  run(process.execPath, [join(root, 'node_modules', '@sveltejs', 'kit', 'svelte-kit.js'), 'sync']);
}

/** Packs of procedures and the calendar, checked and hashed, from what the authors wrote. */
export function buildContent() {
  return run(process.execPath, ['--import', 'tsx', 'scripts/content-build.ts']);
}

/** Content, application, starter; and a note of the sources they were made from. */
export function build() {
  const stampFile = join(root, 'build', '.sources');
  const stamp = sourceStamp(root);
  console.log(steps.building);
  ensureSynced();
  const vite = [join(root, 'node_modules', 'vite', 'bin', 'vite.js'), 'build', '--logLevel', 'warn'];
  const starter = [join(root, 'scripts', 'build-starter.mjs')];
  const done = buildContent() && runQuietly(process.execPath, vite) && runQuietly(process.execPath, starter);
  if (!done) throw new Stop(buildFailed);
  mkdirSync(dirname(stampFile), { recursive: true });
  writeFileSync(stampFile, stamp);
}

/** Builds when a source changed since the last build that finished. */
export function ensureBuilt() {
  const stampFile = join(root, 'build', '.sources');
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === sourceStamp(root)) return;
  build();
}

/** TypeScript scripts run as they are; `$lib/…` is found through tsconfig.json in the project's folder. */
export async function enableTypeScript() {
  process.chdir(root);
  ensureSynced();
  const { register } = await import('tsx/esm/api');
  register();
}
