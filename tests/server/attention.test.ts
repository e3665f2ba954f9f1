import { beforeAll, describe, expect, it } from 'vitest';
import type { RowId } from '../../src/lib/domain/record/ids.ts';
import { openPersonal } from '../../src/lib/server/assist/open-personal.ts';
import { readRecordPage } from '../../src/lib/server/assist/record-page.ts';
import { readAttention } from '../../src/lib/server/attention/attention-page.ts';
import { countAttention } from '../../src/lib/server/attention/attention-rows.ts';
import { openClashValues } from '../../src/lib/server/attention/open-clashes.ts';
import { discardRecord, settleClash } from '../../src/lib/server/attention/settle.ts';
import { inTransaction } from '../../src/lib/server/database/transaction.ts';
import { type OfficeMember, officeWard, type OfficeWard } from '../support/office-ward.ts';
import { rowIdOf } from '../support/sync-mutations.ts';

let ward: OfficeWard;
let leader: OfficeMember;
let helper: OfficeMember;
let lead: OfficeMember;

beforeAll(async () => {
  ward = await officeWard(47);
  leader = await ward.member('ward_leader');
  helper = await ward.member('helper');
  lead = await ward.member('team_lead', helper.identity.team);
});

/** A visit on which helper and lead changed the same field while apart. */
async function clashing(field: 'minutes' | 'residentName'): Promise<string> {
  const { make } = ward.server;
  const name = field === 'residentName';
  const log = make.log(helper.identity, {}, name ? { personal: [field] } : {});
  const id = rowIdOf(log);
  await ward.save(helper, [log], name ? { [id]: { residentName: 'Lò Văn Một' } } : null);
  const edit = (by: OfficeMember, value: number | string) =>
    ward.save(
      by,
      [
        name
          ? make.edit(by.identity, id, {}, { [field]: log.id })
          : make.edit(by.identity, id, { minutes: [value, log.id] }),
      ],
      name ? { [id]: { residentName: String(value) } } : null,
    );
  await edit(helper, name ? 'Lò Văn Hai' : 20);
  await edit(lead, name ? 'Lò Văn Ba' : 30);
  return id;
}

const count = (by: OfficeMember) =>
  inTransaction(ward.db.web, { wards: [by.actor.ward] }, (tx) => countAttention(tx, by.actor));
const events = async () =>
  ward.db.superuser.pool<{ actor_id: string; detail: object }[]>`
    select actor_id, detail from auth_event where what = 'personal_opened' order by at, event_id`;

describe('I5 D7 two people edited differently: both are shown and a person decides', () => {
  it('lists both values with who and when, settles once, and the count falls', async () => {
    const id = await clashing('minutes');
    expect([await count(leader), await count(lead), await count(helper)]).toEqual([1, 1, 1]);
    const [clash] = (await readAttention(ward.context, leader.actor)).clashes.items;
    expect(clash).toMatchObject({ kind: 'assist', id, field: 'minutes', standingValue: 20, lateValue: 30 });
    expect([clash?.standing?.by, clash?.lateBy?.by]).toEqual([helper.actor.person, lead.actor.person]);
    const choice = {
      kind: 'assist',
      id: id as RowId,
      field: 'minutes',
      late: (clash?.late ?? '') as never,
      take: 'late',
    } as const;
    expect(await settleClash(ward.people, leader.actor, choice)).toEqual({ ok: true, value: [] });
    expect(await count(leader)).toBe(0);
    const page = await readRecordPage(ward.context, leader.actor, 'assist', id);
    expect(page?.record.fields['minutes']).toBe(30);
    expect(page?.history.map(({ kind }) => kind)).toEqual([
      'assist.log',
      'assist.edit',
      'assist.edit',
      'clash.settle',
    ]);
    const second = await settleClash(ward.people, lead.actor, { ...choice, take: 'standing' });
    expect(second).toEqual({ ok: true, value: ['settled_already'] });
  });

  it('whoever may not settle is refused at the door, and sees nothing', async () => {
    const id = await clashing('minutes');
    const stranger = await ward.member('helper');
    const [clash] = (await readAttention(ward.context, leader.actor)).clashes.items.filter(
      (one) => one.id === id,
    );
    const choice = {
      kind: 'assist',
      id: id as RowId,
      field: 'minutes',
      late: (clash?.late ?? '') as never,
      take: 'late',
    } as const;
    expect(await settleClash(ward.people, stranger.actor, choice)).toEqual({
      ok: false,
      error: { kind: 'refused', code: 'not_yours' },
    });
    expect((await readAttention(ward.context, stranger.actor)).clashes.items).toEqual([]);
  });

  it('keeps personal values masked until they are opened, and writes the opening down', async () => {
    const id = await clashing('residentName');
    const page = await readAttention(ward.context, leader.actor);
    expect(JSON.stringify(page)).not.toContain('Lò Văn');
    const before = (await events()).length;
    const opened = Object.entries(await openClashValues(ward.context, leader.actor));
    expect(opened.map(([, values]) => values)).toEqual([{ standing: 'Lò Văn Hai', late: 'Lò Văn Ba' }]);
    expect((await events()).slice(before)).toMatchObject([
      { actor_id: leader.actor.person, detail: { row: id } },
    ]);
  });
});

describe('A5 A7 a record’s page: masked for all, whole on request and written down', () => {
  it('masks name and phone, opens them for a leader, refuses a clerk, and notes only what was opened', async () => {
    const { make } = ward.server;
    const log = make.log(helper.identity, {}, { personal: ['residentName', 'residentPhone', 'note'] });
    const id = rowIdOf(log);
    const values = { residentName: 'Vàng A Sử', residentPhone: '0912345678', note: 'hẹn thứ Hai' };
    await ward.save(helper, [log], { [id]: values });
    const page = await readRecordPage(ward.context, leader.actor, 'assist', id);
    expect(page?.personal).toMatchObject({
      mayOpen: true,
      rows: [{ row: id, values: { residentName: '… Sử', residentPhone: '•••678', note: '•••' } }],
    });
    expect(JSON.stringify(page)).not.toMatch(/Vàng A|0912345|thứ Hai/);
    const before = (await events()).length;
    const clerk = await ward.member('clerk');
    expect((await readRecordPage(ward.context, clerk.actor, 'assist', id))?.personal.mayOpen).toBe(false);
    expect(await openPersonal(ward.context, clerk.actor, 'assist', id)).toMatchObject({ ok: false });
    expect((await events()).length).toBe(before);
    const opened = await openPersonal(ward.context, leader.actor, 'assist', id);
    expect(opened.ok && opened.value.rows[id]).toEqual(values);
    expect(opened.ok && opened.value.history[`${log.id}/${id}`]).toEqual(values);
    expect((await events()).slice(before)).toMatchObject([
      { actor_id: leader.actor.person, detail: { kind: 'assist', row: id } },
    ]);
  });

  it('shows a helper nothing of another team, nor another ward’s leader', async () => {
    const log = ward.server.make.log(helper.identity);
    await ward.save(helper, [log]);
    const far = await ward.member('helper');
    expect(await readRecordPage(ward.context, far.actor, 'assist', rowIdOf(log))).toBeNull();
    await ward.server.foundWard('phuong-xa');
    const away = await ward.member('ward_leader', undefined, 'phuong-xa');
    expect(await readRecordPage(ward.context, away.actor, 'assist', rowIdOf(log))).toBeNull();
  });
});

describe('I6 D7 refused is not gone: the leader sees it with its reason', () => {
  it('lists what was not taken without its personal values, and a leader gives it up', async () => {
    const phone = await ward.server.phone(helper.identity);
    const bad = ward.server.make.log({ ...helper.identity, team: ward.server.make.id() });
    await phone.save(bad);
    await phone.round();
    const [line] = (await readAttention(ward.context, leader.actor)).quarantine.items;
    expect(line).toMatchObject({
      mutation: bad.id,
      person: helper.actor.person,
      outcome: { is: 'refused', code: 'not_yours' },
      said: { kind: 'assist.log' },
      maySettle: true,
    });
    const stranger = await ward.member('helper');
    expect((await readAttention(ward.context, stranger.actor)).quarantine.items).toEqual([]);
    const farLead = await ward.member('team_lead');
    const before = await count(farLead);
    expect([(await readAttention(ward.context, farLead.actor)).quarantine.items, before]).toEqual([[], 0]);
    expect(await discardRecord(ward.people, stranger.actor, bad.id, 'not_real')).toMatchObject({ ok: false });
    expect(await discardRecord(ward.people, leader.actor, bad.id, 'not_real')).toMatchObject({ ok: true });
    expect((await readAttention(ward.context, leader.actor)).quarantine.items).toEqual([]);
  });
});
