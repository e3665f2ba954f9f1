import { beforeAll, describe, expect, it } from 'vitest';
import { inTransaction } from '../../src/lib/server/database/transaction.ts';
import { testDatabase } from '../support/database.ts';
import type { TestDatabase } from '../support/open-test-database.ts';
import { WirePhone } from '../support/sync-phone.ts';
import { rowIdOf } from '../support/sync-mutations.ts';
import { postgresServer } from '../support/sync-postgres.ts';
import { type SyncServer, WARD } from '../support/sync-ward.ts';

const WRITERS = 8;
const ROUNDS = 6;

let db: TestDatabase;
let server: SyncServer;
beforeAll(async () => {
  db = await testDatabase();
  server = await postgresServer(db, 4);
  await server.foundWard(WARD);
  const named = await server.phone(await server.person(WARD));
  const log = server.make.log(named.identity, {}, { personal: ['note'] });
  await named.save(log, { [rowIdOf(log)]: { note: 'x' } });
  await named.round();
});

/** Follows its cursors until `done` has been seen and nothing more comes; returns id → version. */
async function follow(reader: WirePhone, bucket: string, done: () => boolean): Promise<Map<string, number>> {
  const held = new Map<string, number>();
  for (let ending = false; ;) {
    const last = done();
    const answer = await reader.round({ limit: 7 });
    const page = answer.down?.buckets.find((each) => each.bucket === bucket);
    for (const row of page?.rows ?? []) held.set(row.id, row.version);
    if (ending && page?.more === false) return held;
    ending = last;
  }
}

describe('I3 nothing is skipped on the way down', () => {
  it('shows a reader every row that eight writers at once have written', async () => {
    const lead = await server.phone(await server.person(WARD, { role: 'team_lead' }));
    const { team } = lead.identity;
    // As of eight servers: each has lanes of its own, and the ward's lock alone puts them in order.
    const writers = await Promise.all(
      Array.from({ length: WRITERS }, async () => {
        const identity = await server.person(WARD, { team });
        return new WirePhone({ ...server.world }, identity, server.random);
      }),
    );
    let running = WRITERS;
    const write = async (phone: WirePhone): Promise<void> => {
      for (let i = 0; i < ROUNDS; i++) {
        for (let n = 0; n < 1 + (i % 3); n++) await phone.save(server.make.log(phone.identity));
        await phone.round({ down: false });
      }
      running -= 1;
    };
    const [held] = await Promise.all([
      follow(lead, `team:${team}`, () => running === 0),
      ...writers.map((phone) => write(phone)),
    ]);
    const rows = (await server.rows(WARD)).filter((row) => row.fields['team'] === team);
    expect(rows).toHaveLength(WRITERS * (ROUNDS / 3) * 6);
    expect(rows.filter((row) => held.get(row.id) !== row.version)).toEqual([]);
    expect(new Set(rows.map((row) => row.version)).size).toBe(rows.length);
  });

  it('adds what two people add to one filing at the same moment', async () => {
    const lead = await server.phone(await server.person(WARD, { role: 'team_lead' }));
    const log = server.make.log(lead.identity);
    const filing = server.make.filing(lead.identity, rowIdOf(log));
    await lead.save(log);
    await lead.save(filing);
    await lead.round();
    const row = rowIdOf(filing);
    const phones = [lead, await server.phone(await server.enrolAgain(lead.identity))];
    for (let i = 0; i < 10; i++) {
      await Promise.all(
        phones.map(async (phone) => {
          await phone.save(server.make.sight(lead.identity, row, 'processing'));
          await phone.round({ down: false });
        }),
      );
    }
    const standing = (await server.rows(WARD)).find((each) => each.id === row);
    expect(Object.keys(standing?.sets['sightings'] ?? {})).toHaveLength(21);
    expect(standing?.clashes).toEqual([]);
  });
});

describe('R7 another ward', () => {
  const TABLES = [
    'assist',
    'filing',
    'consent',
    'person',
    'team',
    'neighbourhood',
    'row_bucket',
    'replica',
    'mutation',
    'mutation_row',
    'mutation_alias',
    'quarantine',
    'resident_key',
    'data_key',
    'ward_counter',
    'commit_mark',
  ];

  it.each(TABLES)('sees nothing of %s', async (table) => {
    await server.foundWard(`w-${table.replaceAll('_', '-')}`);
    const count = (ward: string): Promise<number> =>
      inTransaction(db.web, { wards: [ward] }, async (tx) => {
        const [row] = await tx<
          { n: number }[]
        >`select count(*)::int as n from ${tx(table)} where ward_id = ${WARD}`;
        return row?.n ?? -1;
      });
    expect(await count(`w-${table.replaceAll('_', '-')}`)).toBe(0);
    await db.superuser.pool.unsafe(
      `alter table ${table} no force row level security, disable row level security`,
    );
    const open = await count(`w-${table.replaceAll('_', '-')}`);
    await db.superuser.pool.unsafe(
      `alter table ${table} enable row level security, force row level security`,
    );
    // Without the guard the same look sees the rows: the guard, not an empty table, said nothing.
    if (!['consent', 'person', 'team', 'neighbourhood', 'mutation_alias', 'quarantine'].includes(table)) {
      expect(open).toBeGreaterThan(0);
    }
  });
});

describe('R14 a poison record', () => {
  it('that waited for another is kept aside, and the one that sets it free is not blamed', async () => {
    const lead = await server.phone(await server.person(WARD, { role: 'team_lead' }));
    const helper = await server.phone(await server.person(WARD, { team: lead.identity.team }));
    // The lead's receipt will prove the restore.
    await lead.save(server.make.log(lead.identity));
    const restore = await server.backup();
    const log = server.make.log(helper.identity);
    await helper.save(log);
    await helper.round();
    const edits = [599, 7].map((minutes) =>
      server.make.edit(lead.identity, rowIdOf(log), { minutes: [minutes, log.id] }),
    );
    for (const edit of edits) await lead.save(edit);
    await lead.round({ up: lead.outbox.slice(0, 1) });
    await restore();
    lead.take(await lead.ask());
    lead.heardTo = 0;
    const waiting = await lead.round({ up: lead.outbox });
    expect(waiting.settled.map(({ outcome }) => outcome.is)).toEqual(['applied', 'waiting', 'waiting']);
    await db.superuser.pool.unsafe(
      `alter table assist add constraint planted check (body #>> '{fields,minutes}' is distinct from '599') not valid`,
    );
    helper.heardTo = 0;
    const brought = await helper.round({ up: helper.outbox });
    await db.superuser.pool.unsafe('alter table assist drop constraint planted');
    expect(brought.settled.map(({ outcome }) => outcome.is)).toEqual(['applied']);
    const later = await lead.round();
    expect(later.resettled.map(({ id, outcome }) => [id, outcome.is])).toEqual([
      [edits[0]?.id, 'refused'],
      [edits[1]?.id, 'applied'],
    ]);
  });

  it('is kept aside alone, and stops nobody behind it', async () => {
    const phone = await server.phone(await server.person(WARD));
    const logs = Array.from({ length: 9 }, (_, i) =>
      server.make.log(phone.identity, { minutes: i === 5 ? 599 : i }),
    );
    for (const log of logs) await phone.save(log);
    await db.superuser.pool.unsafe(
      `alter table assist add constraint planted check (body #>> '{fields,minutes}' is distinct from '599') not valid`,
    );
    const answer = await phone.round();
    await db.superuser.pool.unsafe('alter table assist drop constraint planted');
    expect(
      answer.settled.map((each) => (each.outcome.is === 'refused' ? each.outcome.code : each.outcome.is)),
    ).toEqual([
      'applied',
      'applied',
      'applied',
      'applied',
      'applied',
      'internal',
      'applied',
      'applied',
      'applied',
    ]);
    const kept = (await server.quarantine(WARD)).find((entry) => entry.id === logs[5]?.id);
    expect(kept).toMatchObject({
      plain: JSON.stringify(logs[5]),
      outcome: { is: 'refused', code: 'internal' },
    });
  });
});
