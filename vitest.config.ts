import { configDefaults, defineConfig } from 'vitest/config';
import { fileURLToPath } from 'node:url';

const lib = fileURLToPath(new URL('./src/lib', import.meta.url));
const resolve = { alias: { $lib: lib } };
const unitExclude = [...configDefaults.exclude, 'src/**/*.svelte.test.ts'];

/** Days are Vietnamese days whatever the machine says: the pure rooms are run in a second zone as well. */
export default defineConfig({
  test: {
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
          testTimeout: 60_000,
        },
      },
      {
        resolve,
        test: {
          name: 'server',
          include: ['tests/server/**/*.test.ts'],
          globalSetup: ['tests/support/database-cluster.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        resolve,
        test: {
          name: 'simulation',
          include: ['tests/simulation/**/*.test.ts'],
          testTimeout: 300_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
