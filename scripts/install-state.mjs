import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * @typedef {{ version?: string, optional?: boolean, link?: boolean }} LockedPackage
 * @param {string} path
 * @returns {Record<string, LockedPackage>}
 */
function packagesOf(path) {
  const parsed = JSON.parse(readFileSync(path, 'utf8'));
  return parsed.packages ?? {};
}

/**
 * Whether node_modules holds what the lockfile asks for. npm itself notes at the end of every install what it laid
 * down, so an install that was broken off counts as none. Optional packages of other machines may be absent.
 * @param {string} root
 */
export function isInstalled(root) {
  const note = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(note)) return false;
  const wanted = packagesOf(join(root, 'package-lock.json'));
  const present = packagesOf(note);
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '') return true;
    const found = present[path];
    if (found === undefined) return entry.optional === true;
    return found.version === entry.version;
  });
}
