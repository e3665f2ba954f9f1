import { defineConfig } from '@playwright/test';
import { chromiumArgs, knownChromium } from './scripts/browser-path.mjs';

const executablePath = knownChromium();

/** End-to-end tests start their own wards (tests/support/ward-server.ts) on the production build. */
export default defineConfig({
  testDir: 'tests/e2e',
  testMatch: '**/*.spec.ts',
  globalSetup: './tests/support/demo-template.ts',
  outputDir: 'tests/results/e2e',
  // Most of a story is waiting, so more than there are cores; a ward has a database and a port of its own.
  workers: 3,
  retries: 0,
  forbidOnly: true,
  // Says only that something hangs: a busy machine is several times slower than a quiet one, and no test is timed.
  timeout: 600_000,
  expect: { timeout: 120_000 },
  use: {
    locale: 'vi-VN',
    timezoneId: 'Asia/Ho_Chi_Minh',
    actionTimeout: 120_000,
    navigationTimeout: 120_000,
    trace: 'retain-on-failure',
    launchOptions: { args: chromiumArgs(), ...(executablePath !== null && { executablePath }) },
  },
  projects: [
    // The longest comes first: each route once, and the checks of the screens themselves.
    {
      name: 'screens-once',
      testDir: 'tests/screens',
      testMatch: ['**/every-route.spec.ts', '**/planted-faults.spec.ts'],
    },
    { name: 'end-to-end' },
  ],
});
