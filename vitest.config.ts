import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { playwright } from '@vitest/browser-playwright';
import { configDefaults, defineConfig } from 'vitest/config';
import { chromiumArgs, knownChromium } from './scripts/browser-path.mjs';

const lib = fileURLToPath(new URL('./src/lib', import.meta.url));
const resolve = { alias: { $lib: lib } };
const executablePath = knownChromium();
const launchOptions = { args: chromiumArgs(), ...(executablePath !== null && { executablePath }) };
const unitExclude = [...configDefaults.exclude, 'src/**/*.svelte.test.ts'];

/** Says only that something hangs: a busy machine is several times slower than a quiet one, and no test is timed. */
const HANGS_MS = 1_200_000;

/** Days are Vietnamese days whatever the machine says: the pure rooms are run in a second zone as well. */
export default defineConfig({
  test: {
    // By itself Vitest leaves one core alone: on two, one file would run after the other.
    maxWorkers: '100%',
    projects: [
      {
        resolve,
        test: {
          name: 'unit',
          include: ['src/**/*.test.ts'],
          exclude: unitExclude,
          env: { TZ: 'Asia/Ho_Chi_Minh' },
        },
      },
      {
        resolve,
        test: {
          name: 'unit-elsewhere',
          include: ['src/lib/kernel/**/*.test.ts', 'src/lib/domain/**/*.test.ts'],
          env: { TZ: 'America/Los_Angeles' },
        },
      },
      {
        resolve,
        test: {
          name: 'house',
          include: ['tests/*.test.ts', 'scripts/**/*.test.ts', 'bench/**/*.test.ts'],
          testTimeout: HANGS_MS,
        },
      },
      {
        resolve,
        test: {
          name: 'server',
          include: ['tests/server/**/*.test.ts'],
          globalSetup: ['tests/support/database-cluster.ts'],
          testTimeout: HANGS_MS,
          hookTimeout: HANGS_MS,
        },
      },
      {
        resolve,
        test: {
          name: 'served',
          include: ['tests/served/**/*.test.ts'],
          globalSetup: ['tests/support/fresh-build.ts', 'tests/support/database-cluster.ts'],
          env: { LOG_LEVEL: 'silent' },
          // The built application is asked as it stands.
          server: { deps: { external: [/\/build\//] } },
          testTimeout: HANGS_MS,
          hookTimeout: HANGS_MS,
        },
      },
      {
        resolve,
        test: {
          name: 'simulation',
          include: ['tests/simulation/**/*.test.ts'],
          // A larger nursery: what a simulated history makes is garbage at its end.
          execArgv: ['--max-semi-space-size=64'],
          globalSetup: ['tests/support/database-cluster.ts'],
          testTimeout: HANGS_MS,
          hookTimeout: HANGS_MS,
        },
      },
      {
        resolve,
        test: {
          name: 'drills',
          include: ['tests/drills/**/*.test.ts'],
          testTimeout: HANGS_MS,
          hookTimeout: HANGS_MS,
        },
      },
      {
        resolve,
        plugins: [svelte()],
        // Bundled at the start: what a route's test alone imports is found late, and the page would be loaded anew.
        optimizeDeps: { include: ['fake-indexeddb'] },
        test: {
          name: 'browser',
          include: ['tests/browser/**/*.test.ts', 'src/**/*.svelte.test.ts'],
          testTimeout: HANGS_MS,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({ launchOptions }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
    ],
  },
});
