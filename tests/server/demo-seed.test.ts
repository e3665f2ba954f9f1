import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { wardState } from '../../scripts/ward-state.ts';
import { type DemoData, demoDataSchema } from '../../src/lib/server/demo/demo-data.ts';
import { seedDemoWard } from '../../src/lib/server/demo/seed-demo.ts';
import { makeKeyRing, serverKeys } from '../../src/lib/server/keys/server-keys.ts';
import type { PeopleContext } from '../../src/lib/server/people/people-save.ts';
import { meetEpoch } from '../../src/lib/server/sync/epochs.ts';
import { postgresStore } from '../../src/lib/server/sync/postgres-store.ts';
import { testRandom } from '../support/auth-world.ts';
import { testDatabase } from '../support/database.ts';
import type { TestDatabase } from '../support/open-test-database.ts';
import { steppingClock } from '../support/sync-mutations.ts';

const whole = demoDataSchema.parse(parse(readFileSync('src/content/demo/wards.yaml', 'utf8')));
/** The same wards with a week each: the cuts matter here, not the amount. */
const data: DemoData = {
  ...whole,
  wards: whole.wards.map((ward) => ({ ...ward, weeks: 1 })),
};
const subjects = { procedures: ['1.001193', '2.001009'], accounts: ['account-activate'] };

class Killed extends Error {}

async function ground() {
  const db = await testDatabase();
  const clock = steppingClock();
  const keys = serverKeys(await makeKeyRing(testRandom, clock.now()), testRandom);
  const office = { store: postgresStore(db.web), keys, clock, random: testRandom };
  await meetEpoch(office);
  const context: PeopleContext = { database: db.web, clock, random: testRandom, office };
  return { db, clock, context };
}

/** The same context, in a process that dies when it opens the n-th write. */
function dyingAt(context: PeopleContext, writes: number): PeopleContext {
  const { store } = context.office;
  let left = writes;
  const write: typeof store.write = (ward, work) => {
    left -= 1;
    return left < 0 ? Promise.reject(new Killed()) : store.write(ward, work);
  };
  return { ...context, office: { ...context.office, store: { ...store, write } } };
}

const seed = (context: PeopleContext) => seedDemoWard(context, data, subjects, () => undefined);
const stateOf = (db: TestDatabase) =>
  wardState({ owner: db.targets.owner } as Parameters<typeof wardState>[0]);

/** How much of each there is, without what differs from day to day. */
async function amounts(db: TestDatabase) {
  const [row] = await db.superuser.pool`
    select (select count(*)::int from ward where laid_at is not null) as laid,
      (select count(*)::int from team) as teams, (select count(*)::int from neighbourhood) as places,
      (select count(*)::int from person) as people, (select count(distinct name)::int from person) as names,
      (select count(*)::int from access_grant where ended_at is null) as grants,
      (select count(*)::int from assist) as assists, (select count(*)::int from filing) as filings,
      (select count(*)::int from mutation) as mutations, (select count(*)::int from quarantine) as kept`;
  return row;
}

describe('a demo ward whose making was cut short', () => {
  it('is finished by the next start, whatever the moment: each person and record once', async () => {
    const reference = await ground();
    await seed(reference.context);
    const expected = await amounts(reference.db);
    expect(expected).toMatchObject({ laid: 2, teams: 4, places: 10, people: 16, names: 16, kept: 0 });
    expect(await stateOf(reference.db)).toMatchObject({ demo: true, empty: false, unfinished: false });
    // Before the first administrator has a row, among teams and people, between records, in the second ward.
    for (const cut of [0, 1, 3, 14, 22, 24, 27]) {
      const { db, clock, context } = await ground();
      await expect(seed(dyingAt(context, cut))).rejects.toThrow(Killed);
      expect([cut, await stateOf(db)]).toEqual([cut, { demo: true, empty: false, unfinished: true }]);
      // The next start is on another day: what was made is dated as it was.
      clock.advance(50 * 3_600_000);
      await seed(context);
      expect([cut, await amounts(db)]).toEqual([cut, expected]);
      const once = await db.superuser.pool`select 1 from mutation group by mutation_id having count(*) > 1`;
      expect([cut, once.length, await stateOf(db)]).toEqual([
        cut,
        0,
        { demo: true, empty: false, unfinished: false },
      ]);
      // A second finishing finds everything there.
      const before = await amounts(db);
      await seed(context);
      expect(await amounts(db)).toEqual(before);
    }
  }, 120_000);
});
