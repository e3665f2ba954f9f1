import { describe, expect, it } from 'vitest';
import { testDatabase } from '../support/database.ts';
import { postgresServer } from '../support/sync-postgres.ts';
import { runHistory } from './history.ts';

/** Some of the seeds of the long runs; each on a database of its own. */
const SEEDS = [1, 3, 8];

describe('I2 I4 I8 the same histories on PostgreSQL', () => {
  it.each(SEEDS)('seed %i ends as it does in memory', async (seed) => {
    const inMemory = await runHistory(seed);
    const db = await testDatabase({ dropAfterAll: false });
    try {
      const onPostgres = await runHistory(seed, { server: () => postgresServer(db, seed) });
      expect(onPostgres.faults, onPostgres.trace.join('\n')).toEqual([]);
      expect(onPostgres.outcomes).toEqual(inMemory.outcomes);
    } finally {
      await db.drop();
    }
  });
});
