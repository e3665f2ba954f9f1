import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdtempSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  startEmbeddedPostgres,
  type EmbeddedPostgres,
} from '../../src/lib/server/database/embedded-postgres.ts';
import { openDatabase, type ConnectTarget, type Sql } from '../../src/lib/server/database/pool.ts';
import { chooseAccount, underAccount } from '../../src/lib/server/database/postgres-account.ts';
import { locateBinaries } from '../../src/lib/server/database/postgres-binaries.ts';
import { untilGone } from '../../src/lib/server/database/postmaster.ts';
import { processStart } from '../../src/lib/server/database/process-identity.ts';

const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;

const target = z.object({
  kind: z.literal('socket'),
  directory: z.string(),
  user: z.string(),
  database: z.string(),
});
const announced = z.union([
  z.object({ pid: z.number(), postmasterPid: z.number(), superuser: target }),
  z.object({ kind: z.string(), pid: z.number().optional(), detail: z.string().optional() }),
]);

let home: string;
const children: ChildProcess[] = [];

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'xks-embedded-'));
});

afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGINT');
    await once(child, 'exit');
  }
  rmSync(home, { recursive: true, force: true });
});

async function inProcess(): Promise<EmbeddedPostgres> {
  const started = await startEmbeddedPostgres({ dataDir: home });
  if (!started.ok) throw new Error(JSON.stringify(started.error));
  return started.value;
}

async function inChild(
  ids: { uid?: number; gid?: number } = {},
): Promise<{ child: ChildProcess; said: z.infer<typeof announced> }> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'tests/support/embedded-node.ts', home], {
    stdio: ['ignore', 'pipe', 'inherit'],
    ...ids,
  });
  children.push(child);
  for await (const line of createInterface({ input: child.stdout })) {
    return { child, said: announced.parse(JSON.parse(line)) };
  }
  throw new Error('the child said nothing');
}

async function using<T>(where: ConnectTarget, work: (sql: Sql) => Promise<T>): Promise<T> {
  const database = openDatabase(where, 1);
  try {
    return await work(database.pool);
  } finally {
    await database.close();
  }
}

async function plantRow(where: ConnectTarget): Promise<void> {
  await using(where, async (sql) => sql.unsafe('create table kept (id int); insert into kept values (7)'));
}

async function readRow(where: ConnectTarget): Promise<unknown> {
  return await using(where, async (sql) => [...(await sql`select id from kept`)]);
}

describe('embedded PostgreSQL: the ward’s own server', () => {
  it('keeps rows from one start to the next, knows Vietnamese letters, and really writes to disk', async () => {
    const first = await inProcess();
    await plantRow(first.superuser);
    const [facts] = await using(
      first.superuser,
      async (sql) => sql`
        select lower('ĐĂNG KÝ KHAI SINH') as lower, current_setting('fsync') as fsync,
               current_setting('synchronous_commit') as commit, current_setting('listen_addresses') as tcp,
               (select datlocprovider::text || ':' || datlocale from pg_database where datname = 'xks') as locale`,
    );
    expect(facts).toEqual({
      lower: 'đăng ký khai sinh',
      fsync: 'on',
      commit: 'on',
      tcp: '',
      locale: 'b:C.UTF-8',
    });
    await first.stop();
    expect(processStart(first.postmasterPid)).toBeNull();
    const second = await inProcess();
    try {
      expect(await readRow(second.superuser)).toEqual([{ id: 7 }]);
    } finally {
      await second.stop();
    }
    if (second.superuser.kind === 'socket') expect(existsSync(second.superuser.directory)).toBe(false);
  });

  it('refuses a second start while the first lives, naming it, and leaves the first unharmed', async () => {
    const first = await inChild();
    const second = await startEmbeddedPostgres({ dataDir: home });
    expect(second).toEqual({ ok: false, error: { kind: 'already_running', pid: first.child.pid } });
    if (!('superuser' in first.said)) throw new Error('first did not start');
    expect(await using(first.said.superuser, async (sql) => [...(await sql`select 1 as one`)])).toEqual([
      { one: 1 },
    ]);
  });

  it('I1 after kill -9 of Node: ends the orphan, starts anew, keeps what was committed', async () => {
    const { child, said } = await inChild();
    if (!('superuser' in said)) throw new Error('did not start');
    await plantRow(said.superuser);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(processStart(said.postmasterPid)).not.toBeNull();
    const again = await inProcess();
    try {
      expect(again.postmasterPid).not.toBe(said.postmasterPid);
      expect(processStart(said.postmasterPid)).toBeNull();
      expect(existsSync(said.superuser.directory)).toBe(false);
      expect(await readRow(again.superuser)).toEqual([{ id: 7 }]);
    } finally {
      await again.stop();
    }
  });

  it('I1 after kill -9 of Node and of the server: recovers from the log', async () => {
    const { child, said } = await inChild();
    if (!('superuser' in said)) throw new Error('did not start');
    await plantRow(said.superuser);
    process.kill(said.postmasterPid, 'SIGKILL');
    child.kill('SIGKILL');
    await once(child, 'exit');
    await untilGone(said.postmasterPid, 5_000);
    const again = await inProcess();
    try {
      expect(await readRow(again.superuser)).toEqual([{ id: 7 }]);
    } finally {
      await again.stop();
    }
  });

  it('I1 raises a server that was killed under a running Node: the open pool goes on by itself', async () => {
    const started = await inProcess();
    await plantRow(started.superuser);
    const pool = openDatabase(started.superuser, 2);
    try {
      expect([...(await pool.pool`select id from kept`)]).toEqual([{ id: 7 }]);
      process.kill(started.postmasterPid, 'SIGKILL');
      let rows: unknown[] = [];
      const deadline = Date.now() + 30_000;
      while (rows.length === 0 && Date.now() < deadline) {
        rows = await pool.pool`select id from kept`.then((found) => [...found]).catch(() => []);
      }
      expect(rows).toEqual([{ id: 7 }]);
    } finally {
      await pool.close();
      await started.stop();
    }
  });

  it('is not fooled when the noted process id now belongs to another program', async () => {
    await (await inProcess()).stop();
    const note = `${process.pid}\n/elsewhere\n1\n5432\n/nowhere\n\n  1 1\nready   \n`;
    writeFileSync(join(home, 'pg18', 'postmaster.pid'), note);
    writeFileSync(
      join(home, 'server.lock'),
      JSON.stringify({ pid: process.pid, start: 'before the last power cut' }),
    );
    const again = await inProcess();
    await again.stop();
  });

  it('does not use a cluster whose making was interrupted', async () => {
    mkdirSync(join(home, 'pg18.unfinished'), { recursive: true });
    writeFileSync(join(home, 'pg18.unfinished', 'PG_VERSION'), '18');
    const started = await inProcess();
    await started.stop();
    expect(existsSync(join(home, 'pg18.unfinished'))).toBe(false);
  });

  it('Ctrl-C ends Node and the server, and frees the directory', async () => {
    const { child, said } = await inChild();
    if (!('postmasterPid' in said)) throw new Error('did not start');
    child.kill('SIGINT');
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(processStart(said.postmasterPid)).toBeNull();
    expect(existsSync(join(home, 'server.lock'))).toBe(false);
  });

  it('says which log to read when the server does not come up', async () => {
    const started = await startEmbeddedPostgres({ dataDir: home, tuning: ['no_such_setting=1'] });
    expect(started).toEqual({
      ok: false,
      error: { kind: 'start_failed', detail: join(home, 'log', 'postgres.log') },
    });
    expect(existsSync(join(home, 'server.lock'))).toBe(false);
  });

  it('writes no statement, parameter or key value to its log', async () => {
    const started = await inProcess();
    await using(started.superuser, async (sql) => {
      await sql.unsafe('create table person (phone text primary key)');
      await sql`insert into person values (${'0912345678'})`;
      await sql`insert into person values (${'0912345678'})`.catch(() => undefined);
      await sql.unsafe("select '0912345678'::int / 0").catch(() => undefined);
    });
    await started.stop();
    const log = readFileSync(join(home, 'log', 'postgres.log'), 'utf8');
    expect(log).toContain('person_pkey');
    expect(log).not.toContain('insert into');
    expect(log).not.toContain('(phone)');
  });
});

describe.skipIf(!isRoot)('embedded PostgreSQL under each account', () => {
  it('runs as an ordinary user', async () => {
    chownSync(home, NOBODY, NOBODY);
    const { said } = await inChild({ uid: NOBODY, gid: NOBODY });
    expect(said).toMatchObject({ postmasterPid: expect.any(Number) as number });
  });

  it('as root, keeps to the account that made the data', async () => {
    chownSync(home, NOBODY, NOBODY);
    const { child } = await inChild({ uid: NOBODY, gid: NOBODY });
    child.kill('SIGINT');
    await once(child, 'exit');
    const asRoot = await inProcess();
    expect(readFileSync(`/proc/${asRoot.postmasterPid}/status`, 'utf8')).toMatch(/^Uid:\s+65534/m);
    await asRoot.stop();
  });

  it('as an ordinary user, names data that belongs to somebody else', async () => {
    await (await inProcess()).stop();
    rmSync(join(home, 'log'), { recursive: true });
    chownSync(home, NOBODY, NOBODY);
    const { said } = await inChild({ uid: NOBODY, gid: NOBODY });
    expect(said).toEqual({ kind: 'foreign_data', detail: join(home, 'pg18') });
  });

  it('runs as root inside a closed directory, without becoming the superuser', async () => {
    chmodSync(home, 0o700);
    const inner = join(home, 'project', '.data');
    const started = await startEmbeddedPostgres({ dataDir: inner });
    if (!started.ok) throw new Error(JSON.stringify(started.error));
    expect(readFileSync(`/proc/${started.value.postmasterPid}/status`, 'utf8')).not.toMatch(/^Uid:\s+0/m);
    await started.value.stop();
  });

  it('falls back to a user namespace when the data already belong to root', () => {
    const binaries = locateBinaries();
    if (!binaries.ok) throw new Error(binaries.error.detail);
    mkdirSync(join(home, 'pg18'), { mode: 0o700 });
    const account = chooseAccount(binaries.value.postgres, join(home, 'pg18'), home);
    expect(account).toEqual({ ok: true, value: { way: 'namespace' } });
    expect(underAccount({ way: 'namespace' }, 'x', ['y']).args.slice(-2)).toEqual(['x', 'y']);
  });
});
