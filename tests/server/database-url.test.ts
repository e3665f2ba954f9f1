import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  startEmbeddedPostgres,
  type EmbeddedPostgres,
} from '../../src/lib/server/database/embedded-postgres.ts';
import { migrate } from '../../src/lib/server/database/migrate.ts';
import { openDatabase, type Database } from '../../src/lib/server/database/pool.ts';
import { inTransaction } from '../../src/lib/server/database/transaction.ts';

/**
 * DATABASE_URL: a server over TCP where we have one login that owns a database and may make a role, no superuser.
 * TEST_DATABASE_URL runs the same on another server (PostgreSQL 15+); its database must be empty.
 */
let cluster: EmbeddedPostgres | null = null;
let home = '';
let url = process.env['TEST_DATABASE_URL'] ?? '';
let database: Database;
let door: Server | null = null;

/** The embedded server takes no TCP connections: a plain pipe stands in for the network. */
async function listenOnTcp({ superuser }: EmbeddedPostgres): Promise<number> {
  if (superuser.kind !== 'socket') throw new Error('no socket');
  const path = join(superuser.directory, '.s.PGSQL.5432');
  door = createServer((outside) => {
    const inside = connect(path);
    outside.pipe(inside).pipe(outside);
    for (const socket of [outside, inside]) socket.on('error', () => socket.destroy());
  }).listen(0, '127.0.0.1');
  await once(door, 'listening');
  return (door.address() as AddressInfo).port;
}

beforeAll(async () => {
  if (url === '') {
    home = mkdtempSync(join(tmpdir(), 'xks-url-'));
    const started = await startEmbeddedPostgres({ dataDir: home, tuning: ['fsync=off'] });
    if (!started.ok) throw new Error(started.error.kind);
    cluster = started.value;
    const port = await listenOnTcp(cluster);
    const admin = openDatabase(cluster.superuser, 1);
    await admin.pool.unsafe('drop database xks');
    for (const role of ['xks_owner', 'xks_web', 'xks_app']) await admin.pool.unsafe(`drop role ${role}`);
    await admin.pool.unsafe("create role province login createrole password 'p'");
    await admin.pool.unsafe('create database province owner province');
    await admin.close();
    url = `postgres://province:p@127.0.0.1:${port}/province`;
  }
  database = openDatabase({ kind: 'url', url });
});

afterAll(async () => {
  await database.close();
  door?.close();
  await cluster?.stop();
  if (home !== '') rmSync(home, { recursive: true });
});

describe('R7 any PostgreSQL by address', () => {
  it('takes the schema, makes the application role, and row-level security bites although one login does all', async () => {
    const migrated = await migrate({ kind: 'url', url }, 'migrations');
    expect(migrated).toMatchObject({ ok: true });
    await inTransaction(database, { wards: ['a'] }, async (tx) => {
      await tx`insert into ward (ward_id, name, word, province) values ('a', 'A', 'xã', 'X')`;
    });
    const seen = async (wards: string[]): Promise<number> =>
      await inTransaction(database, { wards }, async (tx) => (await tx`select 1 from ward_counter`).length);
    await inTransaction(
      database,
      { wards: ['a'] },
      async (tx) => tx`insert into ward_counter (ward_id) values ('a')`,
    );
    expect([await seen(['a']), await seen(['b']), await seen([])]).toEqual([1, 0, 0]);
    const [me] = await inTransaction(
      database,
      { wards: [] },
      async (tx) => tx<{ name: string }[]>`select current_user as name`,
    );
    expect(me?.name).toBe('xks_app');
    const intrude = inTransaction(
      database,
      { wards: ['a'] },
      async (tx) => tx`insert into ward_counter (ward_id) values ('b')`,
    );
    await expect(intrude).rejects.toThrow(/row-level security/);
  });

  it('starts again on the same schema', async () => {
    expect(await migrate({ kind: 'url', url }, 'migrations')).toMatchObject({
      ok: true,
      value: { applied: [] },
    });
  });
});
