import { beforeAll, describe, expect, it } from 'vitest';
import { openRowValues } from '../../src/lib/server/records/row-values.ts';
import { ResidentKeys } from '../../src/lib/server/keys/resident-keys.ts';
import { applyOfficeMutation, applyOfficeMutations } from '../../src/lib/server/sync/office-door.ts';
import { wardVersions } from '../../src/lib/server/sync/ward-version.ts';
import { testDatabase } from '../support/database.ts';
import type { TestDatabase } from '../support/open-test-database.ts';
import { rowIdOf } from '../support/sync-mutations.ts';
import { postgresServer } from '../support/sync-postgres.ts';
import { WARD } from '../support/sync-ward.ts';

let db: TestDatabase;
let server: Awaited<ReturnType<typeof postgresServer>>;
beforeAll(async () => {
  db = await testDatabase();
  server = await postgresServer(db, 11);
  await server.foundWard(WARD);
});

const ward = WARD;

describe('the office door', () => {
  it('writes through the same judgement as phones, and phones see it', async () => {
    const clerk = await server.person(ward, { role: 'clerk' });
    const actor = { ward, person: clerk.person as never };
    const log = server.make.log(clerk, {}, { personal: ['residentName', 'note'] });
    const personal = { [rowIdOf(log)]: { residentName: 'Phạm Thị Mẫu', note: 'mã OTP là 123456' } };
    const before = (await wardVersions(db.web, [ward])).get(ward) ?? 0;
    const outcome = await applyOfficeMutation(server.world, actor, log, personal);
    expect(outcome).toEqual({ is: 'applied', flags: ['forbidden_text'], clashes: 0 });
    expect((await wardVersions(db.web, [ward])).get(ward)).toBe(before + 1);
    const row = (await server.rows(ward)).find((each) => each.id === rowIdOf(log));
    const stored = await server.store.read(ward, (tx) => tx.residentKeys([String(row?.fields['resident'])]));
    const values = row && openRowValues(new ResidentKeys(server.world.keys, ward, stored), row);
    expect(values).toEqual({ residentName: 'Phạm Thị Mẫu', note: 'mã OTP là ••••••' });
    const phone = await server.phone(clerk);
    const answer = await phone.round();
    expect(answer.down?.buckets.flatMap((page) => page.rows).map((each) => each.id)).toContain(rowIdOf(log));
  });

  it('tells a form sent twice its first outcome, and changes nothing', async () => {
    const clerk = await server.person(ward, { role: 'clerk' });
    const actor = { ward, person: clerk.person as never };
    const log = server.make.log(clerk);
    expect(await applyOfficeMutation(server.world, actor, log)).toMatchObject({ is: 'applied' });
    const before = (await wardVersions(db.web, [ward])).get(ward);
    expect(await applyOfficeMutation(server.world, actor, log)).toMatchObject({ is: 'applied' });
    expect((await wardVersions(db.web, [ward])).get(ward)).toBe(before);
  });

  it('writes all or nothing, with what belongs to it in other tables', async () => {
    const clerk = await server.person(ward, { role: 'clerk' });
    const observer = await server.person(ward, { role: 'observer' });
    const good = server.make.log(clerk);
    const bad = server.make.log(observer);
    const items = [
      { person: clerk.person as never, mutation: good, personal: null },
      { person: observer.person as never, mutation: bad, personal: null },
    ];
    let called = 0;
    const also = (): Promise<void> => {
      called += 1;
      return Promise.resolve();
    };
    const outcomes = await applyOfficeMutations(server.world, ward, items, { also });
    expect(outcomes.map((outcome) => outcome.is)).toEqual(['applied', 'refused']);
    expect(called).toBe(0);
    expect((await server.rows(ward)).some((row) => row.id === rowIdOf(good))).toBe(false);
    const failing = applyOfficeMutation(server.world, { ward, person: clerk.person as never }, good, null, {
      also: () => Promise.reject(new Error('planted')),
    });
    await expect(failing).rejects.toThrow('planted');
    expect((await server.rows(ward)).some((row) => row.id === rowIdOf(good))).toBe(false);
    await applyOfficeMutation(server.world, { ward, person: clerk.person as never }, good, null, { also });
    expect(called).toBe(1);
    expect((await server.rows(ward)).some((row) => row.id === rowIdOf(good))).toBe(true);
  });

  it('lets a leader close what somebody else could not bring', async () => {
    const helper = await server.person(ward);
    const phone = await server.phone(helper);
    const bad = server.make.log({ ...helper, team: server.make.id() });
    await phone.save(bad);
    await phone.round();
    const leader = await server.person(ward, { role: 'ward_leader' });
    const other = await server.person(ward);
    const close = (by: typeof leader) =>
      applyOfficeMutation(
        server.world,
        { ward, person: by.person as never },
        server.make.of(by, 'record.discard', [], bad.id),
      );
    expect(await close(other)).toEqual({ is: 'refused', code: 'not_yours' });
    expect(await close(leader)).toMatchObject({ is: 'applied' });
    const entry = (await server.quarantine(ward)).find((each) => each.id === bad.id);
    expect(entry?.settled).toMatchObject({ is: 'discarded' });
    const answer = await phone.round();
    expect(answer.down?.buckets.flatMap((page) => page.gone).map((gone) => gone.id)).toContain(bad.id);
  });
});
