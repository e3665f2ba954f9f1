import { beforeAll, describe, expect, it } from 'vitest';
import type { Actor } from '../../src/lib/domain/people/roles.ts';
import { readRecordList } from '../../src/lib/server/assist/record-list.ts';
import { type OfficeMember, officeWard, type OfficeWard } from '../support/office-ward.ts';
import { rowIdOf } from '../support/sync-mutations.ts';

let ward: OfficeWard;
let leader: OfficeMember;
let helper: OfficeMember;
let other: OfficeMember;
const ids: string[] = [];

beforeAll(async () => {
  ward = await officeWard(41);
  leader = await ward.member('ward_leader');
  helper = await ward.member('helper');
  other = await ward.member('helper');
  const logs = Array.from({ length: 120 }, (_, at) =>
    ward.server.make.log(helper.identity, { occurredAt: Date.UTC(2026, 10, 1 + (at % 20), 3) }),
  );
  await ward.save(helper, logs);
  ids.push(...logs.map(rowIdOf));
});

async function list(actor: Actor, query: string) {
  const read = await readRecordList(ward.context, actor, new URLSearchParams(query));
  if (read === null) throw new Error('nothing may be read');
  return read;
}

async function walk(actor: Actor, query: string, between?: () => Promise<unknown>): Promise<string[]> {
  const seen: string[] = [];
  for (let after = ''; ;) {
    const page = await list(actor, `${query}&after=${after}`);
    seen.push(...page.rows.map(({ id }) => id));
    if (page.next === null) return seen;
    after = `${page.next.day}~${page.next.id}`;
    await between?.();
  }
}

describe('L1 the office list pages by place, not by number', () => {
  it('shows every row once in both directions, also while others arrive', async () => {
    expect((await walk(leader.actor, 'sort=oldest')).sort()).toEqual([...ids].sort());
    const arrive = () =>
      ward.save(helper, [ward.server.make.log(helper.identity, { occurredAt: Date.UTC(2026, 10, 21, 3) })]);
    const seen = await walk(leader.actor, 'sort=newest', arrive);
    expect(new Set(seen).size).toBe(seen.length);
    expect(ids.filter((id) => !seen.includes(id))).toEqual([]);
  });

  it('stays whole with 10,000 rows more, and counts them', async () => {
    await ward.db.superuser.pool`
      insert into assist (ward_id, id, version, epoch, body)
      select ward_id, gen_random_uuid(), version, epoch, jsonb_set(body, '{fields,team}', to_jsonb(${other.identity.team}::text))
      from assist, generate_series(1, 10000) where id = ${ids[0] ?? ''}`;
    const query = `team=${other.identity.team}`;
    const [first, second] = [
      await list(leader.actor, query),
      await list(leader.actor, `${query}&sort=oldest`),
    ];
    expect(first.counts.standing).toBe(10_000);
    expect(first.rows).toHaveLength(50);
    expect(first.rows.map(({ id }) => id)).not.toEqual(second.rows.map(({ id }) => id));
    await ward.db.superuser.pool`delete from assist where team = ${other.identity.team}`;
  });
});

describe('A1 the list shows what the table of permissions lets through', () => {
  it('own, team, ward, nothing', async () => {
    const lead = await ward.member('team_lead', helper.identity.team);
    const clerk = await ward.member('clerk');
    const observer = await ward.member('observer');
    const standing = async (actor: Actor) => (await list(actor, '')).counts.standing;
    const all = await standing(leader.actor);
    expect(await standing(clerk.actor)).toBe(all);
    expect(await standing(lead.actor)).toBe(all);
    expect(await standing(helper.actor)).toBe(all);
    expect(await standing(other.actor)).toBe(0);
    expect(await readRecordList(ward.context, observer.actor, new URLSearchParams())).toBeNull();
  });

  it('a helper named by somebody else sees that visit, and only it', async () => {
    const named = ward.server.make.log(helper.identity, {
      performedBy: [helper.actor.person, other.actor.person],
    });
    await ward.save(helper, [named]);
    expect((await list(other.actor, '')).rows.map(({ id }) => id)).toEqual([rowIdOf(named)]);
  });

  it('another ward’s leader sees none of it', async () => {
    await ward.server.foundWard('phuong-khac');
    const far = await ward.member('ward_leader', undefined, 'phuong-khac');
    expect((await list(far.actor, '')).counts.standing).toBe(0);
  });
});

describe('L2 filters stand in the address', () => {
  it('by period, from and to, and typed days, the bounds told', async () => {
    const day = async (query: string) => (await list(leader.actor, query)).counts.standing;
    expect(await day('from=2026-11-01&to=2026-11-01')).toBe(6);
    expect(await day('period=range&from=01/11/2026&to=02/11/2026')).toBe(12);
    const week = await list(leader.actor, 'period=week');
    expect([week.filter.from, week.filter.to]).toEqual(['2026-11-16', '2026-11-22']);
    expect((await list(leader.actor, 'period=range&from=2026-11-09&to=2026-11-02')).filter.from).toBe(
      '2026-11-02',
    );
  });

  it('nonsense in an address opens the whole list', async () => {
    const odd =
      'view=x&team=%27%3B&procedure=__proto__&status=%00&period=never&sort=drop&after=~~&from=31/02/2026';
    const { filter } = await list(leader.actor, odd);
    expect(filter).toMatchObject({
      view: 'assists',
      team: null,
      procedure: null,
      status: null,
      period: 'all',
      after: null,
    });
  });

  it('holds nothing personal', async () => {
    const log = ward.server.make.log(helper.identity, {}, { personal: ['residentName', 'note'] });
    const personal = { [rowIdOf(log)]: { residentName: 'Phạm Thị Dấu', note: 'con trai giúp' } };
    await ward.save(helper, [log], personal);
    for (const query of ['', 'view=filings']) {
      const text = JSON.stringify(await list(leader.actor, query));
      expect(text).not.toMatch(/Phạm Thị Dấu|con trai/);
    }
  });

  it('counts voided visits apart, and says when a clock stood outside every calendar', async () => {
    const before = (await list(leader.actor, '')).counts;
    const log = ward.server.make.log(helper.identity, { occurredAt: Number.MAX_SAFE_INTEGER });
    await ward.save(helper, [log]);
    const lone = (await list(leader.actor, 'sort=oldest')).rows[0];
    expect(lone).toMatchObject({ id: rowIdOf(log), day: null });
    const gone = {
      row: 'assist',
      id: rowIdOf(log),
      set: { voided: { value: 'entered_by_mistake', on: log.id } },
    };
    await ward.save(helper, [ward.server.make.of(helper.identity, 'assist.void', [gone as never])]);
    const after = (await list(leader.actor, '')).counts;
    expect([after.standing, after.voided]).toEqual([before.standing, before.voided + 1]);
  });
});
