import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { adminErrors, adminWords } from '../../scripts/operator-messages.mjs';
import { appContext, provideRuntime, type Runtime } from '../../src/lib/server/app-context.ts';
import { signIn } from '../../src/lib/server/auth/sign-in.ts';
import { CLUSTER_NAME, startEmbeddedPostgres } from '../../src/lib/server/database/embedded-postgres.ts';
import { openDatabase } from '../../src/lib/server/database/pool.ts';
import type { Settings } from '../../src/lib/server/settings/settings.ts';
import { testBrowser } from '../support/auth-event.ts';
import { type CommandEnd, runCommand } from '../support/run-command.ts';

let dataDir: string;
beforeAll(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'xks-admin-'));
});
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

/** `npm run admin`, with these lines typed at it. */
function admin(...lines: readonly string[]): Promise<CommandEnd> {
  const typed = lines.map((line) => `${line}\n`).join('');
  return runCommand(['scripts/run.mjs', 'admin'], { DATA_DIR: dataDir, SEED: 'none' }, typed);
}

const answers = (ward: string, login: string) => ['xã', 'An Bình', 'Tỉnh Thử', ward, 'Lò Thị Pản', login];

/** How many of each the whole database holds. */
async function amounts(superuser: Parameters<typeof openDatabase>[0]) {
  const seen = openDatabase(superuser, 1);
  const [row] = await seen.pool`
    select (select count(*)::int from ward) as wards, (select count(*)::int from person) as people,
      (select count(*)::int from access_grant) as grants, (select count(*)::int from credential) as logins,
      (select count(*)::int from assist) as assists,
      (select bool_or(demo) from ward) as demo, (select min(name) from ward) as name`;
  await seen.close();
  return row;
}

async function entersWith(web: Runtime['web'], login: string, password: string) {
  const runtime: Runtime = { settings: { dataDir, seed: 'none' } as Settings, web, closers: [] };
  provideRuntime(runtime);
  try {
    const context = { ...(await appContext()), pause: () => Promise.resolve() };
    return await signIn(context, testBrowser().event(), { login, password }, '10.2.2.2');
  } finally {
    await Promise.all(runtime.closers.map((close) => close()));
  }
}

describe('npm run admin, as a command on a database of its own', () => {
  it('makes nothing, and says so, where the answers end too early', async () => {
    const { code, said } = await admin('xã', 'An Bình');
    expect([code, said.includes(adminWords.unfinished)]).toEqual([1, true]);
    expect(existsSync(join(dataDir, CLUSTER_NAME))).toBe(false);
  });

  it('makes the first administrator, who enters with the password shown once; a second is refused in words', async () => {
    const typed = answers('xa-an-binh', 'pan.lo');
    // A district is no unit, an empty name no name, and an id has no blanks: each is asked again.
    const wrongToo = [['quận', 'xã', ''], typed.slice(1, 3), ['Xã An Bình'], typed.slice(3)].flat();
    const first = await admin(...wrongToo);
    expect(first.said.split(adminWords.again)).toHaveLength(4);
    expect([first.code, first.said]).toEqual([0, expect.stringContaining('Đã tạo xong.') as string]);
    expect(first.said).toMatch(/Tên đăng nhập: +pan\.lo/);
    const password = /Mật khẩu lần đầu: +(\S+)/.exec(first.said)?.[1] ?? '';
    expect(password).toMatch(/^[a-z0-9]{5}(-[a-z0-9]{5}){2}$/);

    // Beside a ward that is being served: the command finds its database and leaves it running.
    const started = await startEmbeddedPostgres({ dataDir });
    if (!started.ok) throw new Error(started.error.kind);
    const { superuser, web, owner, stop } = started.value;
    if (superuser.kind !== 'socket' || owner.kind !== 'socket') throw new Error('no socket');
    const all = { ...superuser, database: owner.database };
    try {
      const one = { wards: 1, people: 1, grants: 1, logins: 1, assists: 0, demo: false, name: 'An Bình' };
      expect(await amounts(all)).toEqual(one);
      const refused = [
        [answers('xa-an-binh', 'nguoi.khac'), adminErrors['ward_exists']?.()],
        [answers('xa-khac', 'pan.lo'), adminErrors['login_taken']?.()],
        [answers('xa-khac', 'Lò Pản'), adminErrors['login_invalid']?.()],
      ] as const;
      for (const [lines, words] of refused) {
        const { code, said } = await admin(...lines);
        expect([code, said.includes(words ?? '?'), said.includes('at ')], said).toEqual([1, true, false]);
        expect(await amounts(all)).toEqual(one);
      }
      expect(await entersWith(web, 'pan.lo', `${password}x`)).toMatchObject({ ok: false });
      expect(await entersWith(web, 'pan.lo', password)).toEqual({
        ok: true,
        value: { to: '/first-password' },
      });
    } finally {
      await stop();
    }
  });
});
