import { defineConfig } from '@playwright/test';
import { chromiumArgs, knownChromium } from './scripts/browser-path.mjs';

const executablePath = knownChromium();

/** End-to-end tests start their own wards (tests/support/ward-server.ts) on the production build. */
export default defineConfig({
  testDir: 'tests/e2e',
  testMatch: '**/*.spec.ts',
  globalSetup: './tests/support/e2e-build.ts',
  outputDir: 'tests/results/e2e',
  // Most of a story is waiting; a ward has a database and a port of its own.
  workers: 2,
  retries: 0,
  forbidOnly: true,
  timeout: 120_000,
  use: {
    locale: 'vi-VN',
    timezoneId: 'Asia/Ho_Chi_Minh',
    trace: 'retain-on-failure',
    launchOptions: { args: chromiumArgs(), ...(executablePath !== null && { executablePath }) },
  },
  projects: [{ name: 'chromium', use: { browserName: 'chromium' } }],
});
