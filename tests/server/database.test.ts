import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { databaseFault } from '../../src/lib/server/database/database-fault.ts';
import { migrate } from '../../src/lib/server/database/migrate.ts';
import { openDatabase } from '../../src/lib/server/database/pool.ts';
import { inTransaction } from '../../src/lib/server/database/transaction.ts';
import { testDatabase } from '../support/database.ts';
import type { TestDatabase } from '../support/open-test-database.ts';

const TABLE = `
  create table note (ward_id text not null, id int not null, body text, primary key (ward_id, id));
  alter table note enable row level security;
  alter table note force row level security;
  create policy ward on note using (ward_id = any (string_to_array(nullif(current_setting('app.wards', true), ''), ',')));
  grant select, insert, update, delete on note to xks_app;
`;

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase({ migrated: false });
  await db.owner.pool.unsafe(TABLE);
  await db.superuser.pool`insert into note values ('a', 1, 'x'), ('b', 1, 'y')`;
});

const seen = async (wards: string[]): Promise<string[]> =>
  await inTransaction(db.web, { wards }, async (tx) => {
    const rows = await tx<{ ward_id: string }[]>`select ward_id from note order by 1`;
    return rows.map((row) => row.ward_id);
  });

describe('R7 the one door to the rows', () => {
  it('shows only the wards of the scope, and nothing without one', async () => {
    expect(await seen(['a'])).toEqual(['a']);
    expect(await seen(['a', 'b'])).toEqual(['a', 'b']);
    expect(await seen([])).toEqual([]);
  });

  it('leaves no scope behind on the connection', async () => {
    const single = openDatabase(db.targets.web, 1);
    try {
      await inTransaction(single, { wards: ['a'] }, async (tx) => tx`select 1`);
      const [after] = await single.pool<{ role: string; wards: string }[]>`
        select current_user as role, coalesce(current_setting('app.wards', true), '') as wards`;
      expect(after).toEqual({ role: 'xks_web', wards: '' });
    } finally {
      await single.close();
    }
  });

  it('gives a query beside the door nothing at all', async () => {
    await expect(db.web.pool`select * from note`).rejects.toThrow(/permission denied/);
  });

  it('binds even the owner of the tables', async () => {
    expect(await db.owner.pool`select * from note`).toEqual([]);
  });

  it('is neither owner nor superuser inside, and cannot lift row-level security', async () => {
    const [me] = await inTransaction(
      db.web,
      { wards: ['a'] },
      async (tx) => tx<{ name: string; rolsuper: boolean; rolbypassrls: boolean }[]>`
        select current_user as name, rolsuper, rolbypassrls from pg_roles where rolname = current_user`,
    );
    expect(me).toEqual({ name: 'xks_app', rolsuper: false, rolbypassrls: false });
    await expect(
      inTransaction(db.web, { wards: ['a'] }, async (tx) => tx`alter table note disable row level security`),
    ).rejects.toThrow(/must be owner/);
  });

  it('rolls back what failed', async () => {
    await expect(
      inTransaction(db.web, { wards: ['a'] }, async (tx) => {
        await tx`insert into note values ('a', 99, 'half')`;
        throw new Error('planted');
      }),
    ).rejects.toThrow('planted');
    expect(await db.superuser.pool`select 1 from note where id = 99`).toHaveLength(0);
  });

  it('refuses to write into another ward', async () => {
    const write = inTransaction(
      db.web,
      { wards: ['a'] },
      async (tx) => tx`insert into note values ('b', 7, 'z')`,
    );
    await expect(write).rejects.toThrow(/row-level security/);
  });

  it('refuses a ward id that could smuggle in a second one', async () => {
    await expect(seen(['a,b'])).rejects.toThrow(TypeError);
  });

  it('names the actor to SQL, reads only when asked to, and limits a statement', async () => {
    const [row] = await inTransaction(
      db.web,
      { wards: [], actor: 'p1' },
      async (tx) => tx<{ actor: string }[]>`select current_setting('app.actor') as actor`,
    );
    expect(row?.actor).toBe('p1');
    const write = inTransaction(
      db.web,
      { wards: ['a'] },
      async (tx) => tx`insert into note values ('a', 8, '')`,
      { readOnly: true },
    );
    await expect(write).rejects.toThrow(/read-only/);
    const slow = inTransaction(db.web, { wards: [] }, async (tx) => tx`select pg_sleep(20)`, {
      statementTimeoutMs: 50,
    });
    expect(databaseFault(await slow.catch((error: unknown) => error))).toBe('busy');
  });

  it('keeps days as text and counters as numbers', async () => {
    const [row] = await inTransaction(
      db.web,
      { wards: [] },
      async (tx) =>
        tx`select date '2026-02-28' as day, 9007199254740991::bigint as n, ${'2026-03-01'}::date as given`,
    );
    expect(row).toEqual({ day: '2026-02-28', n: 9007199254740991, given: '2026-03-01' });
    const beyond = inTransaction(
      db.web,
      { wards: [] },
      async (tx) => tx`select 9007199254740993::bigint as n`,
    );
    await expect(beyond).rejects.toThrow(RangeError);
  });
});

describe('migrations: forward only, once, and never silently different', () => {
  let directory: string;
  let fresh: TestDatabase;
  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'xks-migrations-'));
    fresh = await testDatabase({ migrated: false, dropAfterAll: false });
    writeFileSync(join(directory, '0001_first.sql'), 'create table one (id int);');
  });
  afterEach(async () => {
    await fresh.drop();
    rmSync(directory, { recursive: true });
  });
  const run = async (): ReturnType<typeof migrate> => await migrate(fresh.targets.owner, directory);

  it('applies each file once, in order', async () => {
    writeFileSync(
      join(directory, '0002_second.sql'),
      'alter table one add column name text; create table two (id int);',
    );
    expect(await run()).toEqual({ ok: true, value: { applied: [1, 2], version: 2 } });
    expect(await run()).toEqual({ ok: true, value: { applied: [], version: 2 } });
  });

  it('lets several nodes start at once', async () => {
    const results = await Promise.all([run(), run(), run()]);
    expect(results.every((result) => result.ok)).toBe(true);
    expect(await fresh.superuser.pool`select 1 from schema_migration`).toHaveLength(1);
  });

  it('refuses a past file that was changed, but not one with other line ends', async () => {
    writeFileSync(join(directory, '0001_first.sql'), 'create table one (\n id int);');
    await run();
    writeFileSync(join(directory, '0001_first.sql'), 'create table one (\r\n id int);');
    expect((await run()).ok).toBe(true);
    writeFileSync(join(directory, '0001_first.sql'), 'create table one (id bigint);');
    expect(await run()).toEqual({ ok: false, error: { kind: 'changed_file', detail: '1_first' } });
  });

  it('refuses a database that is ahead', async () => {
    writeFileSync(join(directory, '0002_second.sql'), 'create table two (id int);');
    await run();
    rmSync(join(directory, '0002_second.sql'));
    expect(await run()).toEqual({ ok: false, error: { kind: 'newer_database', database: 2, files: 1 } });
  });

  it('leaves nothing of a file that fails half-way, and says which', async () => {
    writeFileSync(join(directory, '0002_second.sql'), 'create table two (id int); select * from nowhere;');
    const result = await run();
    expect(result).toMatchObject({ ok: false, error: { kind: 'failed' } });
    expect(JSON.stringify(result)).toContain('2_second');
    expect(await fresh.superuser.pool`select 1 from pg_tables where tablename = 'two'`).toHaveLength(0);
  });

  it('refuses a gap and a file of another name', async () => {
    writeFileSync(join(directory, '0003_third.sql'), '');
    expect(await run()).toEqual({ ok: false, error: { kind: 'bad_files', detail: '0003_third.sql' } });
    rmSync(join(directory, '0003_third.sql'));
    writeFileSync(join(directory, 'extra.sql'), '');
    expect(await run()).toEqual({ ok: false, error: { kind: 'bad_files', detail: 'extra.sql' } });
  });
});
