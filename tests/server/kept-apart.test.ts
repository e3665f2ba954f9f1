import { beforeAll, describe, expect, it } from 'vitest';
import type { MutationId } from '../../src/lib/domain/record/ids.ts';
import { readAttention } from '../../src/lib/server/attention/attention-page.ts';
import { readAttentionPlace } from '../../src/lib/server/attention/attention-place.ts';
import { countAttention } from '../../src/lib/server/attention/attention-rows.ts';
import { acceptRecord, closeGap, discardRecord, settleAllOf } from '../../src/lib/server/attention/settle.ts';
import { openPersonal } from '../../src/lib/server/assist/open-personal.ts';
import { inTransaction } from '../../src/lib/server/database/transaction.ts';
import { type OfficeMember, officeWard, type OfficeWard } from '../support/office-ward.ts';
import { rowIdOf } from '../support/sync-mutations.ts';
import type { WirePhone } from '../support/sync-phone.ts';

let ward: OfficeWard;
let leader: OfficeMember;

beforeAll(async () => {
  ward = await officeWard(61);
  leader = await ward.member('ward_leader');
});

const page = (by = leader, query = '') =>
  readAttention(ward.context, by.actor, readAttentionPlace(new URLSearchParams(query)));
const kept = async (person: OfficeMember) =>
  (await page()).quarantine.items.filter((line) => line.person === person.actor.person);
const rowOf = async (id: string) =>
  (await ward.server.rows(leader.actor.ward)).find((row) => (row.id as string) === id);

interface Revoked {
  readonly helper: OfficeMember;
  readonly phone: WirePhone;
  readonly ids: readonly string[];
  readonly mutations: readonly MutationId[];
}

/** A phone with unsent records, the second an edit of the first, that comes by after it, or its owner, was shut out. */
async function revokedWith(count: number, whole: 'device' | 'person' = 'device'): Promise<Revoked> {
  const helper = await ward.member('helper');
  const phone = await ward.server.phone(helper.identity);
  const ids: string[] = [];
  const mutations: MutationId[] = [];
  for (let n = 0; n < count; n++) {
    const log = ward.server.make.log(helper.identity, {}, { personal: ['residentName'] });
    const id = rowIdOf(log);
    await phone.save(log, { [id]: { residentName: `Lò Văn ${n}` } });
    const edit = ward.server.make.edit(helper.identity, id, { minutes: [40 + n, log.id] });
    await phone.save(edit);
    ids.push(id);
    mutations.push(log.id, edit.id);
  }
  if (whole === 'device') await ward.server.revoke(helper.identity);
  else await ward.server.endGrant(helper.identity, 'revocation');
  const answer = await phone.round({ down: false });
  expect(answer.problem).toBe('revoked');
  expect(answer.settled.map(({ outcome }) => outcome)).toEqual(
    mutations.map(() => ({ is: 'refused', code: 'revoked' })),
  );
  return { helper, phone, ids, mutations };
}

describe('A3 I6 I7 what a revoked phone brought is kept apart, and a leader decides', () => {
  it('takes one record in, once: it stands as its author made it, opened with the resident’s key', async () => {
    const { helper, ids, mutations } = await revokedWith(1);
    const [id = ''] = ids;
    const [log, edit] = mutations as [MutationId, MutationId];
    expect(await rowOf(id)).toBeUndefined();
    expect((await kept(helper)).map(({ mayAccept }) => mayAccept)).toEqual([true, true]);
    // The edit alone has nothing to stand on: said, and nothing is half done.
    expect(await acceptRecord(ward.people, leader.actor, edit)).toEqual({
      ok: false,
      error: { kind: 'held' },
    });
    expect((await kept(helper)).length).toBe(2);
    expect(await acceptRecord(ward.people, leader.actor, log)).toEqual({ ok: true, value: [] });
    expect(await rowOf(id)).toMatchObject({ fields: { enteredBy: helper.actor.person, minutes: 15 } });
    const again = await acceptRecord(ward.people, leader.actor, log);
    expect(again).toEqual({ ok: true, value: ['settled_already'] });
    expect(await acceptRecord(ward.people, leader.actor, edit)).toEqual({ ok: true, value: [] });
    expect(await rowOf(id)).toMatchObject({ fields: { minutes: 40 } });
    expect(await kept(helper)).toEqual([]);
    const opened = await openPersonal(ward.context, leader.actor, 'assist', id);
    expect(opened.ok && opened.value.rows[id]).toMatchObject({ residentName: 'Lò Văn 0' });
    const deeds = await ward.db.superuser.pool`
      select mends, person_id from mutation where kind = 'record.accept' and outcome ->> 'is' = 'applied' order by received_at, seq`;
    expect(deeds).toEqual([log, log, edit].map((mends) => ({ mends, person_id: leader.actor.person })));
    const [end] = await ward.db.superuser.pool`select settled_how from quarantine where mutation_id = ${log}`;
    expect(end).toMatchObject({ settled_how: { is: 'applied' } });
  });

  it('nobody but a leader: not the administrator, the lead, the author, nor a phone’s token', async () => {
    const { helper, mutations } = await revokedWith(1);
    const [log] = mutations as [MutationId];
    for (const role of ['administrator', 'team_lead', 'clerk', 'observer', 'mobilisation_officer'] as const) {
      const other = await ward.member(role, helper.identity.team);
      const refused = { ok: false, error: { kind: 'refused', code: 'not_yours' } };
      expect([role, await acceptRecord(ward.people, other.actor, log)]).toEqual([role, refused]);
    }
    const leaderPhone = await ward.server.phone(leader.identity);
    await leaderPhone.save(ward.server.make.of(leader.identity, 'record.accept', [], log));
    const answer = await leaderPhone.round({ down: false });
    expect(answer.settled.map(({ outcome }) => outcome)).toEqual([{ is: 'refused', code: 'not_yours' }]);
    expect((await kept(helper)).length).toBe(2);
  });

  it('all at once, in their order; and again changes nothing', async () => {
    const { helper, ids } = await revokedWith(3, 'person');
    const person = helper.actor.person;
    expect((await page()).piles).toContainEqual({ person, count: 6 });
    const deed = { kind: 'record.accept' } as const;
    expect(await settleAllOf(ward.people, leader.actor, person, deed)).toEqual({ done: 6, left: 0 });
    expect(await settleAllOf(ward.people, leader.actor, person, deed)).toEqual({ done: 0, left: 0 });
    const minutes = await Promise.all(ids.map(async (id) => (await rowOf(id))?.fields['minutes']));
    expect(minutes).toEqual([40, 41, 42]);
    expect((await page()).piles.some((pile) => pile.person === person)).toBe(false);
  });

  it('what cannot be taken stays with its reason, the others are taken', async () => {
    const { helper, phone, mutations } = await revokedWith(1);
    const strange = ward.server.make.log({ ...helper.identity, team: ward.server.make.id() });
    await phone.save(strange);
    await phone.round({ down: false });
    const deed = { kind: 'record.accept' } as const;
    expect(await settleAllOf(ward.people, leader.actor, helper.actor.person, deed)).toEqual({
      done: mutations.length,
      left: 1,
    });
    expect((await kept(helper)).map(({ mutation }) => mutation)).toEqual([strange.id]);
  });

  it('discards with a reason that is kept, one or all; what was discarded is not taken in any more', async () => {
    const { helper, ids, mutations } = await revokedWith(2);
    const [log] = mutations as [MutationId];
    expect(await discardRecord(ward.people, leader.actor, log, 'entered_again')).toMatchObject({ ok: true });
    const deed = { kind: 'record.discard', why: 'not_real' } as const;
    expect(await settleAllOf(ward.people, leader.actor, helper.actor.person, deed)).toEqual({
      done: 3,
      left: 0,
    });
    expect(await acceptRecord(ward.people, leader.actor, log)).toEqual({
      ok: true,
      value: ['settled_already'],
    });
    expect(await rowOf(ids[0] ?? '')).toBeUndefined();
    const reasons = await ward.db.superuser.pool`
      select plain ->> 'why' as why from mutation where mends = any (${[...mutations]}::uuid[])
      and kind = 'record.discard' order by received_at, seq`;
    expect(reasons.map(({ why }) => why as unknown)).toEqual([
      'entered_again',
      'not_real',
      'not_real',
      'not_real',
    ]);
  });

  it('takes in nothing that changes authority, whoever brought it', async () => {
    const administrator = await ward.member('administrator');
    const phone = await ward.server.phone(administrator.identity);
    const born = ward.server.make.of(administrator.identity, 'person.add', [
      {
        row: 'person',
        id: ward.server.make.id(),
        create: true,
        set: Object.fromEntries(
          Object.entries({ name: 'Kẻ Trộm', role: 'ward_leader', teams: [], active: true }).map(
            ([field, value]) => [field, { value, on: null }],
          ),
        ),
      } as never,
    ]);
    await phone.save(born);
    const answer = await phone.round({ down: false });
    expect(answer.settled.map(({ outcome }) => outcome)).toEqual([{ is: 'refused', code: 'not_yours' }]);
    await ward.server.revoke(administrator.identity);
    expect(await acceptRecord(ward.people, leader.actor, born.id)).toMatchObject({ ok: false });
    expect(await rowOf(rowIdOf(born))).toBeUndefined();
  });
});

describe('I6 D7 the list is paged', () => {
  it('shows fifty, then the rest, each once', async () => {
    const { helper } = await revokedWith(28);
    const own = (lines: Awaited<ReturnType<typeof page>>['quarantine']['items']) =>
      lines.filter((line) => line.person === helper.actor.person).map(({ mutation }) => mutation);
    const seen: string[] = [];
    let next: string | null = '';
    while (next !== null) {
      const { quarantine } = await page(leader, `record=${next}`);
      expect(quarantine.items.length).toBeLessThanOrEqual(50);
      seen.push(...own(quarantine.items));
      next = quarantine.next;
    }
    expect([seen.length, new Set(seen).size]).toEqual([56, 56]);
    await settleAllOf(ward.people, leader.actor, helper.actor.person, {
      kind: 'record.discard',
      why: 'other',
    });
  });

  it('clashes too', async () => {
    const helper = await ward.member('helper');
    const lead = await ward.member('team_lead', helper.identity.team);
    const { make } = ward.server;
    const logs = Array.from({ length: 60 }, () => make.log(helper.identity));
    await ward.save(helper, logs);
    const edit = (by: OfficeMember, minutes: number) =>
      ward.save(
        by,
        logs.map((log) => make.edit(by.identity, rowIdOf(log), { minutes: [minutes, log.id] })),
      );
    await edit(helper, 20);
    await edit(lead, 30);
    const first = await page();
    const second = await page(leader, `clash=${first.clashes.next ?? ''}`);
    expect([first.clashes.items.length, second.clashes.items.length, second.clashes.next]).toEqual([
      50,
      10,
      null,
    ]);
    expect(new Set([...first.clashes.items, ...second.clashes.items].map(({ id }) => id)).size).toBe(60);
  });
});

describe('I2 a gap that can never be filled is closed by a leader', () => {
  const count = (by: OfficeMember) =>
    inTransaction(ward.db.web, { wards: [by.actor.ward] }, (tx) => countAttention(tx, by.actor));

  it('a carried file with missing records waits; the leader passes over them, with a record; then it is taken once', async () => {
    const helper = await ward.member('helper');
    const carrier = await ward.server.phone((await ward.member('helper')).identity);
    const phone = await ward.server.phone(helper.identity);
    const logs = Array.from({ length: 5 }, () => ward.server.make.log(helper.identity));
    for (const log of logs) await phone.save(log);
    await phone.ask({ up: phone.outbox.slice(0, 1), down: false });
    // The phone is lost; of its file only the last two records can be read.
    phone.outbox.splice(0, 3);
    const file = await phone.unsentFile();
    const before = await count(leader);
    expect(await carrier.carry(file)).toEqual({ problem: 'gap', taken: 0 });
    expect(await count(leader)).toBe(before + 1);
    const [gap] = (await page()).gaps;
    expect(gap).toMatchObject({
      replica: helper.identity.replica,
      person: helper.actor.person,
      from: 2,
      to: 3,
    });
    const closes = { replica: helper.identity.replica as never, from: 2, to: 3 };
    const administrator = await ward.member('administrator');
    expect(await closeGap(ward.people, administrator.actor, closes)).toMatchObject({ ok: false });
    for (const other of [
      { ...closes, to: 4 },
      { ...closes, from: 1 },
      { ...closes, from: 3 },
    ])
      expect(await closeGap(ward.people, leader.actor, other)).toMatchObject({ ok: false });
    expect(await closeGap(ward.people, leader.actor, closes)).toEqual({ ok: true, value: [] });
    expect(await closeGap(ward.people, leader.actor, closes)).toEqual({
      ok: true,
      value: ['settled_already'],
    });
    expect([(await page()).gaps, await count(leader)]).toEqual([[], before]);
    expect(await carrier.carry(file)).toEqual({ problem: null, taken: 2 });
    expect(await carrier.carry(file)).toEqual({ problem: null, taken: 2 });
    const standing = await Promise.all(logs.map(async (log) => (await rowOf(rowIdOf(log))) !== undefined));
    expect(standing).toEqual([true, false, false, true, true]);
    const records = await ward.db.superuser.pool`
      select plain -> 'closes' as closes, person_id from mutation where kind = 'gap.close' and outcome ->> 'is' = 'applied'`;
    expect(records[0]).toEqual({ closes, person_id: leader.actor.person });
  });

  it('a phone that has them after all hears that it must go on under a new name, and loses nothing', async () => {
    const helper = await ward.member('helper');
    const phone = await ward.server.phone(helper.identity);
    const logs = Array.from({ length: 3 }, () => ward.server.make.log(helper.identity));
    for (const log of logs) await phone.save(log);
    expect((await phone.ask({ up: phone.outbox.slice(2), down: false })).problem).toBe('gap');
    const closes = { replica: helper.identity.replica as never, from: 1, to: 2 };
    expect(await closeGap(ward.people, leader.actor, closes)).toMatchObject({ ok: true });
    expect((await phone.ask({ down: false })).problem).toBe('forked');
    const fork = await ward.server.phone(await ward.server.enrolAgain(helper.identity));
    for (const log of logs) await fork.save(log);
    const answer = await fork.round({ down: false });
    expect(answer.settled.map(({ outcome }) => outcome.is)).toEqual(['applied', 'applied', 'applied']);
  });
});
