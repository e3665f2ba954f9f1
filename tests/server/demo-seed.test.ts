import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ensureDemo } from '../../scripts/seed.ts';
import { wardState } from '../../scripts/ward-state.ts';
import { ROLES } from '../../src/lib/domain/people/roles.ts';
import { addDays, dayOf } from '../../src/lib/kernel/calendar/day.ts';
import { seededRandom } from '../../src/lib/kernel/seeded-random.ts';
import { provideRuntime, type Runtime } from '../../src/lib/server/app-context.ts';
import { type DemoData, demoDataSchema } from '../../src/lib/server/demo/demo-data.ts';
import { demoAssists, type DemoPlan } from '../../src/lib/server/demo/demo-forms.ts';
import { seedDemoWard } from '../../src/lib/server/demo/seed-demo.ts';
import { makeKeyRing, serverKeys } from '../../src/lib/server/keys/server-keys.ts';
import type { PeopleContext } from '../../src/lib/server/people/people-save.ts';
import { meetEpoch } from '../../src/lib/server/sync/epochs.ts';
import { postgresStore } from '../../src/lib/server/sync/postgres-store.ts';
import { testRandom } from '../support/auth-world.ts';
import type { Settings } from '../../src/lib/server/settings/settings.ts';
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
  });
});

/** As a first start does it: the authored wards, whole, on the machine's clock. */
async function firstStart(): Promise<TestDatabase> {
  const db = await testDatabase();
  const dataDir = mkdtempSync(join(tmpdir(), 'xks-demo-'));
  const settings = { dataDir, seed: 'demo' } as Settings;
  const runtime: Runtime = { settings, web: db.targets.web, closers: [] };
  provideRuntime(runtime);
  try {
    await ensureDemo(await stateOf(db));
  } finally {
    await Promise.all(runtime.closers.map((close) => close()));
    rmSync(dataDir, { recursive: true });
  }
  return db;
}

/** Names of a ward's things, in order; asked of the tables, not of the authored file. */
const listOf = async (db: TestDatabase, ward: string, kind: 'team' | 'neighbourhood' | 'person') => {
  const sql = db.superuser.pool;
  const rows = await sql<{ name: string }[]>`select name from ${sql(kind)} where ward_id = ${ward}`;
  return rows.map(({ name }) => name);
};

describe('the demo ward of a first start', () => {
  it('has 3 teams, 8 neighbourhoods, 12 people over all roles, and eight weeks of work; and a second ward', async () => {
    const db = await firstStart();
    const sql = db.superuser.pool;
    const wards = await sql<
      { ward_id: string; name: string; demo: boolean; unit_code: string; created_at: Date }[]
    >`
      select ward_id, name, demo, unit_code, created_at from ward order by created_at`;
    expect(wards.map(({ name, demo }) => [name, demo])).toEqual([
      ['Phường Mẫu', true],
      ['Xã Mẫu', true],
    ]);
    // Official codes of communes are five digits: what is written otherwise can be none of them.
    for (const { unit_code } of wards) expect(unit_code).not.toMatch(/^\d{5}$/);
    expect(new Set(wards.map(({ unit_code }) => unit_code)).size).toBe(2);

    const home = wards[0]?.ward_id ?? '';
    const counts = [];
    for (const kind of ['team', 'neighbourhood', 'person'] as const)
      counts.push(new Set(await listOf(db, home, kind)).size);
    expect(counts).toEqual([3, 8, 12]);
    const roles = await sql<{ role: string }[]>`select distinct role from person where ward_id = ${home}`;
    expect(roles.map(({ role }) => role).sort()).toEqual([...ROLES].sort());
    for (const { ward_id } of wards) {
      const [made] = await sql<{ own: number; strange: number; loose: number }[]>`
        select count(*)::int as own,
          count(*) filter (where not exists (
            select from person p where p.ward_id = a.ward_id and p.id::text = a.entered_by))::int as strange,
          count(*) filter (where not exists (
            select from team t where t.ward_id = a.ward_id and t.id::text = a.team))::int as loose
        from assist a where ward_id = ${ward_id}`;
      expect([ward_id, (made?.own ?? 0) > 0, made?.strange, made?.loose]).toEqual([ward_id, true, 0, 0]);
    }

    const days = await sql<{ day: string; n: number }[]>`
      select day, count(*)::int as n from assist where ward_id = ${home} group by day order by day`;
    // Everything is dated from the moment the ward was made, whatever the clock says by now.
    const today = dayOf(wards[0]?.created_at.getTime() ?? 0);
    const week = (at: number) =>
      days
        .filter(({ day }) => day > addDays(today, -7 * (at + 1)) && day <= addDays(today, -7 * at))
        .reduce((sum, { n }) => sum + n, 0);
    const weeks = Array.from({ length: 9 }, (_, at) => week(at));
    for (const [at, n] of weeks.slice(0, 8).entries()) expect([at, n >= 20]).toEqual([at, true]);
    expect(weeks[8]).toBe(0);
    expect((days.at(-1)?.day ?? '') <= today).toBe(true);
    // Each record came through the door, as a mutation of its own, and none was kept aside.
    const [door] = await sql<{ logs: number; assists: number; kept: number }[]>`
      select (select count(*)::int from mutation where kind = 'assist.log') as logs,
        (select count(*)::int from assist) as assists, (select count(*)::int from quarantine) as kept`;
    expect(door).toEqual({ logs: door?.assists, assists: door?.assists, kept: 0 });
  });

  it('has the same records from the same seed, and others from another', () => {
    const now = Date.UTC(2026, 10, 22, 5);
    const authors = ['a', 'b'].map((id) => ({ person: id, team: `team-${id}`, desk: id === 'b' }));
    const { assistsPerWeek = 0, weeks = 0 } = whole.wards[0] ?? {};
    const plan = { ...subjects, authors, neighbourhoods: ['n'], words: whole, weeks, assistsPerWeek, now };
    const drawn = (seed: number) => demoAssists(plan as unknown as DemoPlan, seededRandom(seed));
    expect(weeks).toBe(8);
    expect(drawn(7)).toEqual(drawn(7));
    expect(drawn(7)).not.toEqual(drawn(8));
    const first = Math.min(...drawn(7).map(({ form }) => form.occurredAt));
    expect(dayOf(first) > addDays(dayOf(now), -56)).toBe(true);
    expect(dayOf(first) <= addDays(dayOf(now), -50)).toBe(true);
  });
});
