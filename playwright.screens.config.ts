import { defineConfig } from '@playwright/test';
import endToEnd from './playwright.config.ts';

/** `npm run screens`: axe over every screen in all looks, and what people do on them. Long, so apart from `npm test`. */
export default defineConfig(endToEnd, { testDir: 'tests/screens', outputDir: 'tests/results/screens' });
