import { defineConfig } from '@playwright/test';
import endToEnd from './playwright.config.ts';

const cameras = ['**/camera.spec.ts', '**/readme-picture.spec.ts'];

/**
 * `npm run screens`: every screen and state in every look, and what people do on them. Long, so apart from `npm test`.
 * `npm run sheet`: their pictures (scripts/sheet.mjs).
 */
export default defineConfig({
  ...endToEnd,
  testDir: 'tests/screens',
  outputDir: 'tests/results/screens',
  workers: 2,
  projects: [
    { name: 'screens', testIgnore: cameras },
    { name: 'sheet', testMatch: cameras },
  ],
});
