import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { knownChromium, knownFirefox, opensAPage, ownBrowsers, playwrightChromium } from './browser-path.mjs';
import { root } from './prepare.mjs';

const MINUTES = 60_000;
const isRoot = process.getuid?.() === 0;

/**
 * @param {string} file
 * @param {string[]} args
 * @param {number} [timeout]
 */
function succeeds(file, args, timeout = 5 * MINUTES) {
  const done = spawnSync(file, args, { cwd: root, stdio: ['ignore', 'ignore', 'ignore'], timeout });
  return done.status === 0;
}

function downloadFromPlaywright() {
  const cli = join(root, 'node_modules', 'playwright', 'cli.js');
  return succeeds(process.execPath, [cli, 'install', 'chromium'], 10 * MINUTES) ? playwrightChromium() : null;
}

/** @param {string} name */
function installFromDebian(name) {
  if (!isRoot || !succeeds('apt-get', ['--version'])) return false;
  return (
    succeeds('apt-get', ['update'], 3 * MINUTES) &&
    succeeds('apt-get', ['install', '-y', '--no-install-recommends', name], 10 * MINUTES)
  );
}

/** A Chromium packed for npm; kept out of package.json, because it weighs more than everything else together. */
async function installFromNpm() {
  mkdirSync(ownBrowsers, { recursive: true });
  const args = [
    'install',
    '--prefix',
    ownBrowsers,
    '--no-save',
    '--no-audit',
    '--no-fund',
    '@sparticuz/chromium@147.0.0',
  ];
  if (!succeeds('npm', args, 10 * MINUTES)) return null;
  const entry = createRequire(join(ownBrowsers, 'x.js')).resolve('@sparticuz/chromium');
  const { default: packaged } = await import(pathToFileURL(entry).href);
  const path = join(ownBrowsers, 'chromium');
  copyFileSync(await packaged.executablePath(), path);
  chmodSync(path, 0o755);
  return path;
}

/**
 * Where a browser may come from; `get` fails, or gives nothing, where it cannot be had.
 * @typedef {{ name: string, get: () => string | null | Promise<string | null> }} BrowserSource
 */

/**
 * The first that is had and really opens a page.
 * @param {readonly BrowserSource[]} sources
 * @param {(path: string) => boolean} opens
 * @param {(line: string) => void} say
 * @returns {Promise<string | null>}
 */
export async function firstThatOpens(sources, opens, say) {
  for (const { name, get } of sources) {
    const path = await Promise.resolve()
      .then(get)
      .catch(() => null);
    if (path !== null && opens(path)) {
      say(`Chromium: ${path} (${name})`);
      return path;
    }
    say(`Chromium: not from ${name}`);
  }
  return null;
}

/**
 * Finds or gets a Chromium: named by CHROMIUM_PATH, on this machine already, Playwright's own download, Debian's,
 * or one packed for npm.
 * @param {(line: string) => void} say
 */
export function setUpChromium(say) {
  const sources = [
    { name: 'this machine', get: () => knownChromium() },
    { name: "Playwright's download", get: downloadFromPlaywright },
    { name: 'apt-get install chromium', get: () => (installFromDebian('chromium') ? knownChromium() : null) },
    { name: 'the npm package @sparticuz/chromium', get: installFromNpm },
  ];
  return firstThatOpens(sources, opensAPage, say);
}

/**
 * Firefox is a second engine for the storage tests; without one they are skipped, with this reason.
 * @param {(line: string) => void} say
 * @returns {string | null}
 */
export function setUpFirefox(say) {
  const path = knownFirefox() || (installFromDebian('firefox-esr') ? knownFirefox() : null);
  say(
    path === null
      ? 'Firefox: none on this machine and none to install; its storage tests are skipped'
      : `Firefox: ${path}`,
  );
  return path;
}
