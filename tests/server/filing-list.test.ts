import { beforeAll, describe, expect, it } from 'vitest';
import { readRecordList } from '../../src/lib/server/assist/record-list.ts';
import { type OfficeMember, officeWard, type OfficeWard } from '../support/office-ward.ts';
import { rowIdOf } from '../support/sync-mutations.ts';

let ward: OfficeWard;
let leader: OfficeMember;
let helper: OfficeMember;
/** Name → filing. The ward's clock stands at Sunday 22 November 2026. */
const filings: Record<string, string> = {};

async function bring(name: string, given: { status?: string; seen?: string; officialDay?: string | null }) {
  const { make } = ward.server;
  const log = make.log(helper.identity);
  const id = make.id();
  const born = make.filing(helper.identity, rowIdOf(log), { id });
  const change = born.changes[0];
  const set = { ...change?.set, officialDay: { value: given.officialDay ?? null, on: null } };
  const look = {
    status: given.status ?? 'processing',
    day: given.seen ?? '2026-11-20',
    source: 'helper_saw',
    by: helper.actor.person,
  };
  const whole = { ...born, changes: [{ ...change, set, add: { sightings: [look] } }] } as typeof born;
  await ward.save(helper, [log]);
  await ward.save(helper, [whole]);
  filings[name] = id;
}

beforeAll(async () => {
  ward = await officeWard(43);
  leader = await ward.member('ward_leader');
  helper = await ward.member('helper');
  await bring('fresh', { seen: '2026-11-20', officialDay: '2026-12-01' });
  await bring('unseen', { seen: '2026-11-02' });
  await bring('finished', { status: 'result_received', seen: '2026-10-01', officialDay: '2026-09-30' });
  await bring('late', { seen: '2026-11-19', officialDay: '2026-11-20' });
});

async function list(query: string) {
  const read = await readRecordList(ward.context, leader.actor, new URLSearchParams(`view=filings&${query}`));
  if (read?.is !== 'filings') throw new Error('not the list of filings');
  return read;
}
const namesOf = (rows: readonly { id: string }[]) =>
  rows.map(({ id }) => Object.keys(filings).find((name) => filings[name] === id)).sort();

describe('L2 the list of filings', () => {
  it('works out unknown after 10 working days, and filters by it', async () => {
    expect(namesOf((await list('status=unknown')).rows)).toEqual(['unseen']);
    expect(namesOf((await list('status=processing')).rows)).toEqual(['fresh', 'late']);
    expect(namesOf((await list('status=result_received')).rows)).toEqual(['finished']);
  });

  it('only an official date makes overdue; what is due soonest comes first, without a date last', async () => {
    const read = await list('sort=due');
    expect(read.counts).toMatchObject({ standing: 4, overdue: 1 });
    const late = read.rows.filter(({ lateness }) => lateness === 'overdue');
    expect(namesOf(late)).toEqual(['late']);
    expect(read.rows.map(({ id }) => id).at(-1)).toBe(filings['unseen']);
  });

  it('a visit is found by the status and the procedure of what it brought', async () => {
    const read = await readRecordList(ward.context, leader.actor, new URLSearchParams('status=unknown'));
    expect(read?.rows).toHaveLength(1);
    const none = await readRecordList(ward.context, leader.actor, new URLSearchParams('procedure=khong-co'));
    expect(none?.rows).toHaveLength(0);
  });

  it('a later look changes the status without changing the filing', async () => {
    const look = ward.server.make.sight(
      helper.identity,
      filings['unseen'] ?? '',
      'result_ready',
      '2026-11-21',
    );
    await ward.save(helper, [look]);
    expect((await list('status=unknown')).rows).toHaveLength(0);
    expect(namesOf((await list('status=result_ready')).rows)).toEqual(['unseen']);
  });
});
