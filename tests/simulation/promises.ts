import { describe, expect, inject, it } from 'vitest';
import { openTestDatabase } from '../support/open-test-database.ts';
import { runHistory } from './history.ts';
import { makeQuick } from './quick-runtime.ts';
import { difference, onPostgres, tellFailure } from './run-seed.ts';

makeQuick();

/** As many as fit into about two minutes of two cores; `npm run simulate` runs the long form. */
export const HISTORIES = 500;
export const ON_POSTGRES = 100;
const AT_ONCE = 50;

const odd = (from: number, to: number, half: 0 | 1): number[] =>
  Array.from({ length: to - from }, (_, at) => from + at).filter((seed) => seed % 2 === half);

/** Every promise in every other seed: each half is a test file of its own, so that two cores share them. */
export function promisesHold(half: 0 | 1): void {
  describe('I1 I2 I3 I4 I5 I6 I7 I8 I9 I10 I11 any history of people, phones, a hostile network and restores', () => {
    for (let from = 1; from <= HISTORIES; from += AT_ONCE)
      it(`seeds ${from} to ${from + AT_ONCE - 1}`, async () => {
        for (const seed of odd(from, from + AT_ONCE, half)) {
          const history = await runHistory(seed);
          if (history.faults.length > 0) expect.fail(tellFailure(seed, history));
        }
      });
  });

  describe('I2 I4 I8 the same histories on PostgreSQL, outcomes and tables equal seed by seed', () => {
    for (let from = 1; from <= ON_POSTGRES; from += AT_ONCE)
      it(`seeds ${from} to ${from + AT_ONCE - 1}`, async () => {
        const db = await openTestDatabase(inject('cluster'));
        try {
          for (const seed of odd(from, from + AT_ONCE, half)) {
            const other = await difference(seed, await runHistory(seed), await onPostgres(db, seed));
            if (other !== null) expect.fail(other);
          }
        } finally {
          await db.drop();
        }
      });
  });
}
