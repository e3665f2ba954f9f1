import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const project = fileURLToPath(new URL('..', import.meta.url));

/** Where a browser that only the tests use is laid down, apart from node_modules. */
export const ownBrowsers = join(project, '.data', 'browsers');

/**
 * @param {readonly string[]} names
 * @returns {string | null}
 */
function onPath(names) {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return (
    names.flatMap((name) => folders.map((folder) => join(folder, name))).find((file) => existsSync(file)) ??
    null
  );
}

/**
 * Playwright's own Chromium, when it has been downloaded.
 * @returns {string | null}
 */
export function playwrightChromium() {
  try {
    const path = require('playwright').chromium.executablePath();
    return existsSync(path) ? path : null;
  } catch {
    return null;
  }
}

/** The browser package unpacked by an earlier set-up. */
function packagedChromium() {
  const path = join(ownBrowsers, 'chromium');
  return existsSync(path) ? path : null;
}

/**
 * Chromium as far as it is on this machine already; null = the tests' set-up has to get one.
 * @returns {string | null}
 */
export function knownChromium() {
  const system = onPath(['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']);
  return process.env['CHROMIUM_PATH'] || playwrightChromium() || system || packagedChromium();
}

/** Firefox, driven by its own protocol; only the storage tests of the second engine need it. */
export function knownFirefox() {
  return process.env['FIREFOX_PATH'] || onPath(['firefox', 'firefox-esr']);
}

/** As root, Chromium has no sandbox; in containers /dev/shm is too small for it. */
export function chromiumArgs() {
  const root = process.getuid?.() === 0;
  return [...(root ? ['--no-sandbox'] : []), '--disable-dev-shm-usage'];
}

/**
 * Whether a Chromium really opens a page here: one whose system libraries are missing is no browser.
 * @param {string} path
 */
export function opensAPage(path) {
  const args = [...chromiumArgs(), '--headless', '--disable-gpu', '--dump-dom', 'data:text/html,<p>here'];
  const done = spawnSync(path, args, { encoding: 'utf8', timeout: 60_000 });
  return done.status === 0 && done.stdout.includes('here');
}
