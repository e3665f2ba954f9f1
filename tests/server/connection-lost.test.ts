import { describe, expect, it } from 'vitest';
import { databaseFault } from '../../src/lib/server/database/database-fault.ts';
import { openDatabase } from '../../src/lib/server/database/pool.ts';
import { inTransaction } from '../../src/lib/server/database/transaction.ts';
import { testDatabase } from '../support/database.ts';

const scope = { wards: [] };
const faultOf = (run: Promise<unknown>): Promise<string> => run.then(() => 'none', databaseFault);

/** PostgreSQL ends connections by itself: killed, restarted, a transaction that stood still too long. */
describe('I2 a database connection that is lost inside a transaction', async () => {
  const database = await testDatabase();
  const { pool } = database.superuser;
  await pool`create table kept (what text)`;
  await pool`grant select, insert on kept to xks_app`;
  const kept = async () =>
    (await pool<{ what: string }[]>`select what from kept order by what`).map((r) => r.what);
  const killAll = (pids: readonly number[]) =>
    pool`select pg_terminate_backend(pid) from unnest(${pids}::int[]) pid`;

  it('during a statement: that transaction is told, Node goes on, and the slots serve on', async () => {
    const web = openDatabase(database.targets.web, 4);
    for (let time = 0; time < 5; time++) {
      const pids: number[] = [];
      const running = Array.from({ length: 8 }, () =>
        faultOf(
          inTransaction(web, scope, async (tx) => {
            const [row] = await tx<{ pid: number }[]>`select pg_backend_pid() as pid`;
            pids.push(row!.pid);
            await tx`select pg_sleep(30)`;
          }),
        ),
      );
      await expect.poll(() => pids.length).toBe(4);
      await killAll(pids);
      await expect.poll(() => pids.length).toBe(8);
      await killAll(pids.slice(4));
      expect(await Promise.all(running)).toEqual(Array(8).fill('unreachable'));
    }
    const served = Array.from({ length: 8 }, () => inTransaction(web, scope, (tx) => tx`select 1 as one`));
    expect(await Promise.all(served)).toHaveLength(8);
    await web.close();
  });

  it('between statements: what is left of it runs nowhere, not inside the next transaction either', async () => {
    const web = openDatabase(database.targets.web, 1);
    let goOn = (): void => undefined;
    const stopped = new Promise<void>((resolve) => (goOn = resolve));
    let pid = 0;
    const first = faultOf(
      inTransaction(web, scope, async (tx) => {
        const [row] = await tx<{ pid: number }[]>`select pg_backend_pid() as pid`;
        pid = row!.pid;
        await stopped;
        await tx`insert into kept values ('of the dead transaction')`;
      }),
    );
    await expect.poll(() => pid).toBeGreaterThan(0);
    await killAll([pid]);
    await inTransaction(web, scope, async (tx) => {
      await tx`insert into kept values ('before')`;
      goOn();
      await tx`select pg_sleep(0.1)`;
      await tx`insert into kept values ('after')`;
    });
    expect(await first).toBe('unreachable');
    expect(await kept()).toEqual(['after', 'before']);
    await web.close();
  });
});
