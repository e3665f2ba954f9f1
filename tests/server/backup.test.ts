import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MANIFEST } from '../../src/lib/server/backup/backup-manifest.ts';
import { restoreBackup, type Restored } from '../../src/lib/server/backup/restore-backup.ts';
import {
  EMPTY_REGISTER,
  loadRegister,
  mergeRegisters,
  readRegister,
  saveRegister,
} from '../../src/lib/server/backup/revocation-register.ts';
import { writeBackup } from '../../src/lib/server/backup/write-backup.ts';
import { migrate } from '../../src/lib/server/database/migrate.ts';
import { inTransaction } from '../../src/lib/server/database/transaction.ts';
import { testDatabase } from '../support/database.ts';
import type { TestDatabase } from '../support/open-test-database.ts';

const NOW = Date.UTC(2026, 10, 22, 2, 0, 0);
const PERSON = '0190a000-0000-7000-8000-000000000001';
const GRANT = '0190a000-0000-7000-8000-000000000002';
const DEVICE = '0190a000-0000-7000-8000-000000000003';
const ASSIST = '0190a000-0000-7000-8000-000000000004';

let home: string;
let from: TestDatabase;
let into: TestDatabase;
beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'xks-backup-'));
  from = await testDatabase({ dropAfterAll: false });
  into = await testDatabase({ dropAfterAll: false });
  await fill(from);
});
afterEach(async () => {
  await from.drop();
  await into.drop();
  rmSync(home, { recursive: true });
});

/** Two wards, a person, a session, awkward text. */
async function fill(db: TestDatabase): Promise<void> {
  await db.superuser.pool.unsafe(`
    insert into ward (ward_id, name, word, province) values ('a', 'Mẫu', 'phường', 'X'), ('b', 'Khác', 'xã', 'X');
    insert into ward_counter (ward_id, version) values ('a', 7), ('b', 0);
    insert into epoch (epoch_id, place, why) values ('e1', 1, 'first');
    insert into assist (ward_id, id, version, epoch, body) values
      ('a', '${ASSIST}', 7, 'e1', '{"fields": {"team": "t1", "note": "dòng 1\\ndòng 2\\tcột \\\\ \\"đ\\""}, "derived": {"day": "2026-11-21"}}');
    insert into access_grant (ward_id, grant_id, person_id, role, began_at) values ('a', '${GRANT}', '${PERSON}', 'helper', now());
    insert into device (ward_id, person_id, device_id, public_key, label, enrolled_at) values ('a', '${PERSON}', '${DEVICE}', 'k', 'l', now());
    insert into session (ward_id, token_hash, session_id, person_id, grant_id, device_id, began_at, expires_at)
      values ('a', 'h', '${DEVICE}', '${PERSON}', '${GRANT}', '${DEVICE}', now(), now() + interval '1 day');
    insert into resident_key (ward_id, resident, wrapped) values ('a', 'r1', 'w1');
  `);
}

const at = (): string => join(home, 'one');
const backup = async (): ReturnType<typeof writeBackup> => await writeBackup(from.owner, at(), NOW);

async function restore(register = EMPTY_REGISTER, directory = at()): ReturnType<typeof restoreBackup> {
  const random = { bytes: (length: number) => crypto.getRandomValues(new Uint8Array(length)) };
  return await restoreBackup(into.owner, {
    directory,
    migrationsDirectory: 'migrations',
    register,
    random,
    now: NOW,
  });
}

async function restored(register = EMPTY_REGISTER): Promise<Restored> {
  const result = await restore(register);
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

const contents = async (db: TestDatabase): Promise<Record<string, unknown>> => {
  const tables = ['ward', 'ward_counter', 'assist', 'access_grant', 'device', 'resident_key'];
  const entries = tables.map(
    async (table) =>
      [
        table,
        [...(await db.superuser.pool`select * from ${db.superuser.pool(table)} order by 1, 2`)],
      ] as const,
  );
  return Object.fromEntries(await Promise.all(entries));
};

describe('I8 backup and restore', () => {
  it('gives back every row, generated columns and awkward letters included', async () => {
    await backup();
    await restored();
    expect(await contents(into)).toEqual(await contents(from));
    const [row] = await into.superuser.pool<
      { team: string; body: { fields: { note: string } } }[]
    >`select team, body from assist`;
    expect(row).toMatchObject({ team: 't1', body: { fields: { note: 'dòng 1\ndòng 2\tcột \\ "đ"' } } });
  });

  it('carries a table larger than any buffer on the way', async () => {
    await from.superuser.pool`
      insert into assist (ward_id, id, version, epoch, body)
      select 'a', gen_random_uuid(), n, 'e1', jsonb_build_object('fields', jsonb_build_object('note', repeat('x', 400)), 'derived', '{}'::jsonb)
      from generate_series(10, 5009) n`;
    const { tables } = await backup();
    expect(tables.find((table) => table.name === 'assist')?.rows).toBe(5_001);
    await restored();
    const sums = async (db: TestDatabase): Promise<unknown> => [
      ...(await db.superuser
        .pool`select count(*) as n, md5(string_agg(body::text || id, '' order by id)) as sum from assist`),
    ];
    expect(await sums(into)).toEqual(await sums(from));
  });

  it('holds every table of the schema but those that live for seconds', async () => {
    const { tables } = await backup();
    const all = await from.superuser.pool<
      { name: string }[]
    >`select tablename as name from pg_tables where schemaname = 'public'`;
    const left = all
      .map((table) => table.name)
      .filter((name) => !tables.some((table) => table.name === name));
    expect(left.sort()).toEqual(['challenge', 'rate_limit', 'schema_migration']);
  });

  it('begins a new epoch after every one that phones may have met, and ends all sessions', async () => {
    await backup();
    await into.superuser
      .pool`insert into epoch (epoch_id, place, why) values ('e1', 1, 'first'), ('e2', 2, 'restore')`;
    const { epoch } = await restored();
    const epochs = await into.superuser.pool<
      { epoch_id: string }[]
    >`select epoch_id from epoch order by place`;
    expect(epochs.map((row) => row.epoch_id)).toEqual(['e1', 'e2', epoch]);
    expect(await into.superuser.pool`select 1 from session where ended_at is null`).toHaveLength(0);
  });

  it('leaves row-level security as strict as before', async () => {
    await backup();
    await restored();
    const [open] = await into.superuser.pool<{ n: number }[]>`
      select count(*) as n from pg_class where relnamespace = 'public'::regnamespace and relrowsecurity and not relforcerowsecurity`;
    expect(open?.n).toBe(0);
    expect(
      await inTransaction(into.web, { wards: ['b'] }, async (tx) => tx`select 1 from assist`),
    ).toHaveLength(0);
    expect(
      await inTransaction(into.web, { wards: ['a'] }, async (tx) => tx`select 1 from assist`),
    ).toHaveLength(1);
    expect(await migrate(into.targets.owner, 'migrations')).toMatchObject({
      ok: true,
      value: { applied: [] },
    });
  });

  it('R18 does not let back in whom the register shut out, nor bring back whom it erased', async () => {
    await backup();
    await from.superuser.pool.unsafe(`
      update access_grant set ended_at = now(), ended_how = 'revocation';
      update device set revoked_at = now();
      update resident_key set wrapped = null, erased_at = now();
    `);
    const register = await inTransaction(from.owner, { wards: ['a', 'b'] }, readRegister);
    await restored(register);
    expect(await contents(into)).toMatchObject({
      access_grant: [{ ended_how: 'revocation', ended_at: expect.any(Date) as Date }],
      device: [{ revoked_at: expect.any(Date) as Date }],
      resident_key: [{ wrapped: null, erased_at: expect.any(Date) as Date }],
    });
  });

  it('R18 leaves in whom a changed role or a new enrolment let in again, and shuts out who left', async () => {
    const other = PERSON.replace(/1$/, '9');
    const grantOf = (person: string, grant: string) => `
      insert into access_grant (ward_id, grant_id, person_id, role, began_at)
      values ('a', '${grant}', '${person}', 'helper', now());`;
    await from.superuser.pool.unsafe(grantOf(other, GRANT.replace(/2$/, '8')));
    await from.superuser.pool.unsafe('update device set revoked_at = now()');
    const before = await inTransaction(from.owner, { wards: ['a', 'b'] }, readRegister);
    await from.superuser.pool.unsafe('update device set revoked_at = null, enrolled_at = now()');
    await backup();
    await from.superuser.pool.unsafe(`
      update access_grant set ended_at = now(), ended_how = 'transfer';
      ${grantOf(PERSON, GRANT.replace(/2$/, '7'))}`);
    const after = await inTransaction(from.owner, { wards: ['a', 'b'] }, readRegister);
    await restored(mergeRegisters([before, after]));
    const grants = await into.superuser
      .pool`select person_id, ended_how from access_grant order by person_id`;
    expect(grants).toEqual([
      { person_id: PERSON, ended_how: null },
      { person_id: other, ended_how: 'transfer' },
    ]);
    const devices = await into.superuser.pool`select revoked_at from device`;
    expect(devices).toEqual([{ revoked_at: null }]);
  });

  it('is of one instant, although somebody writes meanwhile', async () => {
    const stop = new AbortController();
    const busy = (async () => {
      while (!stop.signal.aborted) {
        // The two tables always agree, for whoever sees them at one instant.
        await from.superuser.pool.begin(async (tx) => {
          await tx`update ward_counter set version = version + 1 where ward_id = 'a'`;
          await tx`update ward set unit_code = (select version from ward_counter c where c.ward_id = 'a') where ward_id = 'a'`;
        });
      }
    })();
    await backup().finally(() => stop.abort());
    await busy;
    await restored();
    const [row] = await into.superuser.pool<{ version: number; code: string }[]>`
      select c.version, w.unit_code as code from ward w join ward_counter c using (ward_id) where ward_id = 'a'`;
    expect(row?.version).toBeGreaterThan(7);
    expect(String(row?.version)).toBe(row?.code);
  });

  it('is closed to others, and appears only when complete', async () => {
    await backup();
    expect(statSync(at()).mode & 0o777).toBe(0o700);
    for (const file of readdirSync(at())) expect(statSync(join(at(), file)).mode & 0o077).toBe(0);
    expect(existsSync(`${at()}.unfinished`)).toBe(false);
  });
});

describe('a bad backup changes nothing', () => {
  const untouched = async (): Promise<void> => {
    expect(await into.superuser.pool`select ward_id from ward`).toEqual([
      expect.objectContaining({ ward_id: 'kept' }),
    ]);
  };
  beforeEach(async () => {
    await backup();
    await into.superuser
      .pool`insert into ward (ward_id, name, word, province) values ('kept', 'k', 'xã', 'X')`;
  });

  it('a file cut short', async () => {
    const file = join(at(), 'assist.copy.gz');
    writeFileSync(file, readFileSync(file).subarray(0, -12));
    expect(await restore()).toMatchObject({ ok: false, error: { kind: 'damaged' } });
    await untouched();
  });

  it('a row changed by somebody', async () => {
    const file = join(at(), 'ward.copy.gz');
    writeFileSync(file, gzipSync(gunzipSync(readFileSync(file)).toString().replace('Mẫu', 'Mậu')));
    expect(await restore()).toEqual({ ok: false, error: { kind: 'damaged', detail: 'ward' } });
    await untouched();
  });

  it('a table missing', async () => {
    rmSync(join(at(), 'device.copy.gz'));
    expect(await restore()).toMatchObject({ ok: false, error: { kind: 'damaged' } });
    await untouched();
  });

  it('rows of another schema', async () => {
    const manifest = JSON.parse(readFileSync(join(at(), MANIFEST), 'utf8')) as { migrations: string[] };
    manifest.migrations[0] = 'another';
    writeFileSync(join(at(), MANIFEST), JSON.stringify(manifest));
    expect(await restore()).toMatchObject({ ok: false, error: { kind: 'foreign_schema' } });
    await untouched();
  });

  it('a folder that is no backup, or one that was broken off', async () => {
    expect(await restore(EMPTY_REGISTER, home)).toEqual({ ok: false, error: { kind: 'no_backup' } });
    rmSync(join(at(), MANIFEST));
    expect(await restore()).toEqual({ ok: false, error: { kind: 'no_backup' } });
    await untouched();
  });
});

describe('the register beside the backups', () => {
  const entry = { ward: 'a', person: PERSON, device: DEVICE, revokedAt: '2026-11-22T00:00:00.000Z' };

  it('survives on disk, and merging takes nothing back', () => {
    const path = join(home, 'register.json');
    expect(loadRegister(path)).toEqual(EMPTY_REGISTER);
    saveRegister(path, { ...EMPTY_REGISTER, devices: [entry] });
    expect(mergeRegisters([loadRegister(path), EMPTY_REGISTER, loadRegister(path)]).devices).toEqual([entry]);
  });

  it('an unreadable one stops the restore instead of letting everybody in', () => {
    const path = join(home, 'register.json');
    writeFileSync(path, '{"format":1,"grants":[');
    expect(() => loadRegister(path)).toThrow();
  });
});
