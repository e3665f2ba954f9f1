import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { WardChanges } from '$lib/server/sync/store.ts';
import { openTestDatabase, type TestDatabase } from '../support/open-test-database.ts';
import { altered } from './defects.ts';
import { runHistory } from './history.ts';
import { makeQuick } from './quick-runtime.ts';
import { difference, onPostgres } from './run-seed.ts';
import type { Defect } from './sim-world.ts';

makeQuick();

/** A store that leaves something out of what it is given to write. */
function forgetting(forget: (changes: WardChanges) => Partial<WardChanges>): Defect {
  return {
    name: 'forgets',
    store: (whole) =>
      altered(whole, (tx) => {
        if (!('commit' in tx)) return {};
        return { commit: (changes) => tx.commit({ ...changes, ...forget(changes) }) };
      }),
  };
}

/** Each with a seed in which there is such a thing to forget, and the table that tells. */
const FORGOTTEN: readonly (readonly [what: string, seed: number, table: string, defect: Defect])[] = [
  [
    'who mended a refused save',
    65,
    'mutation',
    forgetting(({ changed }) => ({ changed: changed.map((one) => ({ ...one, mendedBy: null })) })),
  ],
  ['under which seq a save came again', 40, 'alias', forgetting(() => ({ aliases: [] }))],
  [
    'how soon a first pull brings a row',
    40,
    'bucket',
    forgetting(({ buckets }) => ({ buckets: buckets.map((entry) => ({ ...entry, rank: 1 })) })),
  ],
];

describe('I2 I3 I4 memory and PostgreSQL are held against each other table by table', () => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await openTestDatabase(inject('cluster'));
  });
  afterAll(() => db.drop());

  it.each(FORGOTTEN)('a store that forgets %s is told from one that does not', async (...given) => {
    const [, seed, table, defect] = given;
    const real = await onPostgres(db, seed);
    expect(await difference(seed, await runHistory(seed), real)).toBeNull();
    expect(await difference(seed, await runHistory(seed, { defect }), real)).toContain(`\n  ${table} `);
  });
});
