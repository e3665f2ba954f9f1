import { beforeAll, describe, expect, it } from 'vitest';
import { readAttention } from '../../src/lib/server/attention/attention-page.ts';
import { startLeftoverJob } from '../../src/lib/server/sync/leftover-job.ts';
import { judgeLeftovers } from '../../src/lib/server/sync/leftovers.ts';
import { type OfficeMember, officeWard, type OfficeWard } from '../support/office-ward.ts';
import { rowIdOf } from '../support/sync-mutations.ts';
import type { WirePhone } from '../support/sync-phone.ts';
import { WARD } from '../support/sync-ward.ts';

let ward: OfficeWard;
let leader: OfficeMember;
let helper: OfficeMember;
let phone: WirePhone;

beforeAll(async () => {
  ward = await officeWard(81);
  leader = await ward.member('ward_leader');
  helper = await ward.member('helper');
  phone = await ward.server.phone(helper.identity);
});

const outcomeOf = async (mutation: string): Promise<unknown> => {
  const [row] = await ward.db.superuser.pool<{ outcome: unknown }[]>`
    select outcome from mutation where mutation_id = ${mutation}`;
  return row?.outcome;
};
const stands = async (row: string) => (await ward.server.rows(WARD)).some(({ id }) => (id as string) === row);
const newEpoch = () =>
  ward.server.store.takeEpoch({ after: 1, id: 'e2', why: 'restore', at: ward.server.clock.now() });

describe('I6 I9 what was kept is judged at the server’s start, without waiting for anybody to write', () => {
  it('an intent this build has learned since: once, for good, and its author hears it', async () => {
    const log = ward.server.make.log(helper.identity);
    // As if the build that took it had not known this kind of save yet.
    const sql = ward.db.superuser.pool;
    await phone.save(log);
    await phone.round({ down: false });
    const older = async () => {
      await sql`delete from assist where id = ${rowIdOf(log)}`;
      await sql`delete from row_bucket where row_id = ${rowIdOf(log)}`;
      await sql`delete from mutation_row where mutation_id = ${log.id}`;
      await sql`update mutation set outcome = '{"is":"unknown_kind"}' where mutation_id = ${log.id}`;
      await sql`
        insert into quarantine (ward_id, mutation_id, hash, replica_id, seq, person_id, plain, why)
        select ward_id, mutation_id, hash, replica_id, seq, person_id, ${JSON.stringify(log)}, '{"is":"unknown_kind"}'
        from mutation where mutation_id = ${log.id}`;
    };
    await older();
    expect(await stands(rowIdOf(log))).toBe(false);
    const job = startLeftoverJob(ward.server.world, ward.db.web);
    await job.settled();
    await job.stop();
    expect([await outcomeOf(log.id), await stands(rowIdOf(log))]).toEqual([
      { is: 'applied', flags: [], clashes: 0 },
      true,
    ]);
    expect((await phone.round({ down: false })).resettled.map(({ id, outcome }) => [id, outcome.is])).toEqual(
      [[log.id, 'applied']],
    );
    expect(await judgeLeftovers(ward.server.world, WARD)).toBe(0);
  });

  it('nothing is committed where there is nothing', async () => {
    const version = async () => (await ward.server.store.read(WARD, (tx) => tx.state())).version;
    const before = await version();
    expect(await judgeLeftovers(ward.server.world, WARD)).toBe(0);
    expect(await version()).toBe(before);
  });
});

describe('I8 what waited for 30 days after a restore goes to a leader', () => {
  it('waits while it may still arrive; then it stands, refused, in the leader’s list, and its author hears it', async () => {
    await newEpoch();
    const missing = ward.server.make.log(helper.identity);
    const edit = ward.server.make.edit(helper.identity, rowIdOf(missing), { minutes: [30, missing.id] });
    await phone.save(edit);
    await phone.round({ down: false });
    expect(await outcomeOf(edit.id)).toMatchObject({ is: 'waiting' });
    expect(await judgeLeftovers(ward.server.world, WARD)).toBe(0);
    ward.server.clock.advance(29 * 86_400_000);
    expect(await judgeLeftovers(ward.server.world, WARD)).toBe(0);
    ward.server.clock.advance(2 * 86_400_000);
    expect(await judgeLeftovers(ward.server.world, WARD)).toBe(1);
    expect(await outcomeOf(edit.id)).toEqual({ is: 'refused', code: 'malformed' });
    const line = (await readAttention(ward.context, leader.actor)).quarantine.items.find(
      ({ mutation }) => mutation === edit.id,
    );
    expect(line).toMatchObject({
      person: helper.actor.person,
      maySettle: true,
      said: { kind: 'assist.edit' },
    });
    expect((await phone.round({ down: false })).resettled.map(({ id }) => id)).toContain(edit.id);
  });
});
