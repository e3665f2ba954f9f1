import { beforeEach, describe, expect, it } from 'vitest';
import { PlainWard } from '../../../../tests/support/phone/plain-ward.ts';
import {
  NOON,
  testAccount,
  testForm,
  testPhone,
  TEAM,
  type TestPhone,
  uuidAt,
} from '../../../../tests/support/phone/test-phone.ts';
import { gatedFetch, testWorld, type TestWorld } from '../../../../tests/support/phone/test-world.ts';
import { logMutation } from '../../domain/assist/log-mutation.ts';
import type { MutationId, PersonId, RowId } from '../../domain/record/ids.ts';
import type { Row } from '../../domain/record/row.ts';
import type { RoundAnswer } from '../../protocol/round.ts';
import { editAssist, settleClash } from '../commands/edit-records.ts';
import { logAssist } from '../commands/log-assist.ts';
import { readMeta } from '../store/meta.ts';
import { recordOf, recordsPage } from '../view/records.ts';
import { viewFaults } from '../view/rebuild.ts';
import { pullProgress } from '../view/sync-view.ts';
import { deliver } from './deliver.ts';

let phone: TestPhone;
let ward: PlainWard;
let world: TestWorld;
const LEAD = testAccount(undefined, { role: 'team_lead' });
const OTHER = uuidAt(40) as PersonId;

beforeEach(async () => {
  phone = await testPhone({ account: LEAD });
  ward = PlainWard.knowing(phone);
  world = testWorld(phone, ward);
});

const run = () => deliver({ db: phone.db, world });

/** An assist that a colleague of the team logged. */
function colleagues(seed: number): Row {
  let next = seed * 1000;
  const { ward: tenant, grant } = LEAD;
  const { mutation } = logMutation(testForm({ performedBy: [OTHER] }), {
    ids: () => uuidAt((next += 1)),
    at: NOON,
    ward: tenant,
    grant,
    author: OTHER,
  });
  const change = mutation.changes[0]!;
  const set = Object.entries(change.set ?? {});
  return {
    kind: 'assist',
    id: change.id,
    fields: Object.fromEntries(set.map(([field, { value }]) => [field, value])),
    stamps: Object.fromEntries(set.map(([field]) => [field, mutation.id])),
    sets: {},
    sealed: {},
    clashes: [],
  };
}

const listed = async (): Promise<string[]> =>
  (await recordsPage(phone.db, {}, null, 1000)).records.map((record) => record.id).sort();

describe('I3 nothing is skipped on the way down', () => {
  it('pulls page by page, usable after the first page, resumed where it stopped', async () => {
    for (let seed = 1; seed <= 25; seed++) ward.put(colleagues(seed));
    ward.pageSize = 10;
    let requests = 0;
    const breaking = testWorld(phone, {
      fetch: (url, init) => {
        requests += 1;
        return requests === 2 ? Promise.reject(new TypeError('network')) : ward.fetch(url, init);
      },
    });
    expect(await deliver({ db: phone.db, world: breaking })).toMatchObject({ is: 'failed' });
    expect(await listed()).toHaveLength(10);
    expect(await pullProgress(phone.db)).toEqual({ done: 10, total: 25 });
    expect(await run()).toEqual({ is: 'done' });
    expect(await listed()).toHaveLength(25);
    expect(await pullProgress(phone.db)).toBeNull();
  });

  it('a bucket pulled from the start again drops what does not come again', async () => {
    for (let seed = 1; seed <= 3; seed++) ward.put(colleagues(seed));
    await run();
    expect(await listed()).toHaveLength(3);
    ward.rows.delete([...ward.rows.keys()][0]!);
    for (const bucket of await phone.db.relaxed.buckets.toArray())
      await phone.db.relaxed.buckets.put({ ...bucket, cursor: '' });
    await run();
    expect(await listed()).toHaveLength(2);
  });

  it('a bucket that is no longer granted takes its rows along; own unsettled ones stay', async () => {
    ward.put(colleagues(1));
    await run();
    await logAssist(phone, testForm());
    ward.withdrawn.add(`team:${TEAM}`);
    await run();
    const left = (await recordsPage(phone.db, {}, null, 10)).records;
    expect(left.map((record) => record.row.fields['enteredBy'])).toEqual([LEAD.person]);
  });

  it('I7 so does one that was withdrawn while the server was being restored', async () => {
    ward.put(colleagues(1));
    await run();
    const restore = ward.backup();
    ward.put(colleagues(2));
    await run();
    restore();
    ward.withdrawn.add(`team:${TEAM}`);
    await run();
    expect(await listed()).toEqual([]);
    expect(await phone.db.relaxed.buckets.get(`team:${TEAM}`)).toBeUndefined();
  });

  it('rows of kinds this build does not know are kept aside as they came', async () => {
    const strange = { kind: 'walkthrough', id: 'x', version: 1, steps: [1, 2] };
    const bending = testWorld(phone, {
      fetch: async (url, init) => {
        const answer = (await (await ward.fetch(url, init)).json()) as RoundAnswer;
        answer.down!.buckets[0]!.rows.push(strange);
        return new Response(JSON.stringify(answer), {
          headers: { 'content-type': 'application/vnd.xks.sync+json', 'x-xks-protocol': '1' },
        });
      },
    });
    await deliver({ db: phone.db, world: bending });
    expect(JSON.parse((await phone.db.relaxed.aside.toArray())[0]!.raw)).toEqual(strange);
  });
});

describe('I4 never backwards', () => {
  it('an answer that comes after another tab has gone on brings its outcomes, and no rows', async () => {
    const row = colleagues(1);
    ward.put(row);
    await run();
    await logAssist(phone, testForm());
    const gated = gatedFetch(ward);
    const frozen = testWorld(phone, gated);
    ward.put({ ...row, fields: { ...row.fields, minutes: 20 } });
    const late = deliver({ db: phone.db, world: frozen });
    await gated.asked;
    ward.put({ ...row, fields: { ...row.fields, minutes: 30 } });
    world.key = 'key-1';
    await deliver({ db: phone.db, world }, 'steal');
    expect((await recordOf(phone.db, 'assist', row.id))?.row.fields['minutes']).toBe(30);
    gated.arrive();
    expect(await late).toEqual({ is: 'done' });
    expect((await recordOf(phone.db, 'assist', row.id))?.row.fields['minutes']).toBe(30);
  });

  it('a late answer brings nothing back that has been withdrawn meanwhile', async () => {
    const row = colleagues(1);
    ward.put(row);
    const gated = gatedFetch(ward);
    const frozen = testWorld(phone, gated);
    const late = deliver({ db: phone.db, world: frozen });
    await gated.asked;
    await deliver({ db: phone.db, world }, 'steal');
    ward.withdrawn.add(`team:${TEAM}`);
    await deliver({ db: phone.db, world }, 'steal');
    expect(await recordOf(phone.db, 'assist', row.id)).toBeUndefined();
    gated.arrive();
    await late;
    expect(await recordOf(phone.db, 'assist', row.id)).toBeUndefined();
  });

  it('of two versions of a row the higher one stays, in whatever order they come', async () => {
    const row = colleagues(1);
    ward.put({ ...row, fields: { ...row.fields, minutes: 9 } });
    const bending = testWorld(phone, {
      fetch: async (url, init) => {
        const answer = (await (await ward.fetch(url, init)).json()) as RoundAnswer;
        const own = answer.down!.buckets.find(({ rows }) => rows.length > 0);
        const whole = own?.rows[0] as { fields: Record<string, unknown> } | undefined;
        if (own && whole)
          own.rows.push({ ...own.rows[0]!, version: 0, fields: { ...whole.fields, minutes: 1 } });
        const headers = { 'content-type': 'application/vnd.xks.sync+json', 'x-xks-protocol': '1' };
        return new Response(JSON.stringify(answer), { headers });
      },
    });
    await deliver({ db: phone.db, world: bending });
    expect((await recordOf(phone.db, 'assist', row.id))?.row.fields['minutes']).toBe(9);
  });
});

describe('I5 no silent overwrite', () => {
  it('an edit made apart keeps both values until somebody settles it, and that is shown', async () => {
    const row = colleagues(1);
    ward.put(row);
    await run();
    const shown = (await recordOf(phone.db, 'assist', row.id))!;
    await editAssist(phone, shown, { set: { minutes: 10 } });
    const other = uuidAt(900) as MutationId;
    ward.put({ ...row, fields: { ...row.fields, minutes: 20 }, stamps: { ...row.stamps, minutes: other } });
    await run();
    const clashing = (await recordOf(phone.db, 'assist', row.id))!;
    expect(clashing.row.fields['minutes']).toBe(20);
    expect(clashing).toMatchObject({ clashes: 1, state: 'arrived' });
    const { field, late } = clashing.row.clashes[0]!;
    expect((await settleClash(phone, clashing, { field, late, take: 'late' })).ok).toBe(true);
    expect((await recordOf(phone.db, 'assist', row.id))?.row.fields['minutes']).toBe(10);
    await run();
    expect(ward.rows.get(`assist/${row.id}`)?.fields['minutes']).toBe(10);
    expect(await viewFaults(phone.db.relaxed)).toEqual([]);
  });

  it('own queued edits of one field never clash with each other, whatever arrived between', async () => {
    const saved = await logAssist(phone, testForm());
    const id = saved.ok ? (saved.value.rows[0] as RowId) : null;
    for (const minutes of [1, 2, 3]) {
      const shown = (await recordOf(phone.db, 'assist', id!))!;
      await editAssist(phone, shown, { set: { minutes } });
      if (minutes === 2) {
        world.key = null;
        await run();
      }
    }
    world.key = 'key-1';
    expect(await recordOf(phone.db, 'assist', id!)).toMatchObject({ clashes: 0 });
    await run();
    const record = (await recordOf(phone.db, 'assist', id!))!;
    expect(record.row.fields['minutes']).toBe(3);
    expect(record).toMatchObject({ clashes: 0, pending: false, state: 'arrived' });
    expect(ward.rows.get(`assist/${id!}`)?.clashes).toEqual([]);
    expect(await readMeta(phone.db.relaxed, 'replica')).toMatchObject({ heardTo: 4, rowsTo: 4 });
  });
});
