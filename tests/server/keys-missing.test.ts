import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openContext } from '../../scripts/open-context.ts';
import { OperatorStop } from '../../scripts/operator-stop.ts';
import { provideRuntime, type Runtime } from '../../src/lib/server/app-context.ts';
import type { Settings } from '../../src/lib/server/settings/settings.ts';
import { testDatabase } from '../support/database.ts';
import type { TestDatabase } from '../support/open-test-database.ts';

let db: TestDatabase;
let dataDir: string;
let closers: Runtime['closers'];
beforeEach(async () => {
  db = await testDatabase({ dropAfterAll: false });
  dataDir = mkdtempSync(join(tmpdir(), 'xks-keyless-'));
  closers = [];
});
afterEach(async () => {
  await close();
  await db.drop();
  rmSync(dataDir, { recursive: true });
});

const close = async () => {
  await Promise.all(closers.splice(0).map((one) => one()));
};
const start = () => {
  provideRuntime({ settings: { dataDir } as Settings, web: db.targets.web, closers });
  return openContext();
};
const keyFiles = () => (existsSync(join(dataDir, 'keys')) ? readdirSync(join(dataDir, 'keys')) : []);
const stop = async () => {
  await close();
  rmSync(join(dataDir, 'keys'), { recursive: true });
};
const seal = (sql: TestDatabase['superuser']['pool'], what: 'resident' | 'phone') =>
  what === 'resident'
    ? sql`insert into resident_key (ward_id, resident, wrapped) values ('a', 'r', 'w')`
    : sql`insert into data_key (ward_id, person_id, key_id, delivery_key_id, box, seen_at)
          values ('a', gen_random_uuid(), 'k', 'd', 'b', now())`;

describe('a start without the keys', () => {
  it('makes them for an empty database, and again for one with nothing sealed in it', async () => {
    await start();
    const first = readFileSync(join(dataDir, 'keys', 'master.json'), 'utf8');
    await db.superuser
      .pool`insert into ward (ward_id, name, word, province) values ('a', 'Mẫu', 'phường', 'X')`;
    await stop();
    await start();
    expect(readFileSync(join(dataDir, 'keys', 'master.json'), 'utf8')).not.toBe(first);
  });

  it.each([
    ['resident', 'master.json'],
    ['phone', 'delivery-'],
  ] as const)('is refused, in words, where a %s’s key is sealed under a lost one', async (what, name) => {
    const sql = db.superuser.pool;
    await sql`insert into ward (ward_id, name, word, province) values ('a', 'Mẫu', 'phường', 'X')`;
    await start();
    await stop();
    await seal(sql, what);
    const epochs = await sql`select epoch_id from epoch`;
    const refused = await start().catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(OperatorStop);
    const { message } = refused as OperatorStop;
    expect(message).toContain(`Thiếu khoá trong ${join(dataDir, 'keys')}`);
    expect(message).toContain('copy your saved key files back');
    expect(keyFiles().filter((file) => file.startsWith(name))).toEqual([]);
    expect(await sql`select epoch_id from epoch`).toEqual(epochs);
  });
});
