import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';

/** What the built application depends on. Tests and documents do not belong here: they must not cause a rebuild. */
const BUILD_INPUTS = [
  'src',
  'scripts',
  'static',
  'svelte.config.js',
  'vite.config.ts',
  'tsconfig.json',
  'package-lock.json',
];

/** Made by the build itself from the other inputs. */
const MADE = ['static/packs', 'src/content/built'];

/**
 * @param {string} path
 * @returns {string[]}
 */
function filesUnder(path) {
  if (!existsSync(path)) return [];
  if (statSync(path).isFile()) return [path];
  return readdirSync(path, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => filesUnder(join(path, entry.name)));
}

/**
 * A fingerprint of names and contents of all inputs of the build.
 * @param {string} root
 */
export function sourceStamp(root) {
  const hash = createHash('sha256').update(process.version.split('.')[0] ?? '');
  for (const file of BUILD_INPUTS.flatMap((input) => filesUnder(join(root, input)))) {
    const name = relative(root, file).replaceAll('\\', '/');
    if (/\.test\.[jt]s$/.test(name) || MADE.some((place) => name.startsWith(`${place}/`))) continue;
    hash.update(`\0${name}\0`).update(readFileSync(file));
  }
  return hash.digest('hex');
}
