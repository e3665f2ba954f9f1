import { defineConfig } from '@playwright/test';
import { chromiumArgs, knownChromium } from './scripts/browser-path.mjs';

const executablePath = knownChromium();

/** End-to-end tests start their own wards (tests/support/ward-server.ts) on the production build. */
export default defineConfig({
  testDir: 'tests/e2e',
  testMatch: '**/*.spec.ts',
  globalSetup: './tests/support/demo-template.ts',
  outputDir: 'tests/results/e2e',
  // Not more than there are cores: on a busy machine a third would make the others three times as slow. A ward has a database and a port of its own.
  workers: 2,
  retries: 0,
  forbidOnly: true,
  // Says only that something hangs: a busy machine is several times slower than a quiet one, and no test is timed.
  timeout: 1_200_000,
  expect: { timeout: 300_000 },
  use: {
    locale: 'vi-VN',
    timezoneId: 'Asia/Ho_Chi_Minh',
    actionTimeout: 300_000,
    navigationTimeout: 300_000,
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
