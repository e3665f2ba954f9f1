import { beforeEach, describe, expect, it } from 'vitest';
import { PlainWard } from '../../../../tests/support/phone/plain-ward.ts';
import { testForm, testPhone, type TestPhone } from '../../../../tests/support/phone/test-phone.ts';
import { testWorld, type TestWorld } from '../../../../tests/support/phone/test-world.ts';
import type { MutationId } from '../../domain/record/ids.ts';
import type { Mutation } from '../../domain/record/mutation.ts';
import { FILING } from '../../../../tests/support/phone/test-phone.ts';
import { addFiling, editAssist } from '../commands/edit-records.ts';
import { discardRefused, mendRefused } from '../commands/mend-refused.ts';
import { mendableRows } from '../view/mendable-rows.ts';
import { logAssist } from '../commands/log-assist.ts';
import { historyOf } from '../view/history.ts';
import { heldBehind, outboxList } from '../view/outbox-view.ts';
import { openPersonal } from '../view/personal-parts.ts';
import { viewFaults } from '../view/rebuild.ts';
import { recordOf } from '../view/records.ts';
import { mutationOf } from '../view/entry-mutation.ts';
import { deliver } from './deliver.ts';

let phone: TestPhone;
let ward: PlainWard;
let world: TestWorld;
let assist: string;
let refused: MutationId;

/** A log that the ward refuses, with an edit made on top of it before the refusal was heard. */
beforeEach(async () => {
  phone = await testPhone();
  ward = PlainWard.knowing(phone);
  world = testWorld(phone, ward);
  const saved = await logAssist(phone, testForm());
  if (!saved.ok) throw new Error('not saved');
  assist = saved.value.rows[0]!;
  refused = saved.value.mutation;
  ward.refuse = (mutation: Mutation) => {
    if (mutation.id !== refused) return null;
    ward.refusedPlain.set(mutation.id, mutation);
    return { is: 'refused', code: 'not_yours' };
  };
  const shown = (await recordOf(phone.db, 'assist', assist))!;
  const edited = await editAssist(phone, shown, { set: { minutes: 9 } });
  if (!edited.ok) throw new Error('not edited');
  await deliver({ db: phone.db, world });
});

describe('I6 refused is not gone', () => {
  it('shows the refused one and what is held behind it', async () => {
    const lines = await outboxList(phone.db);
    expect(lines.map((line) => [line.state, line.outcome?.is])).toEqual([
      ['needs_you', 'refused'],
      ['needs_you', 'held'],
    ]);
    expect(await heldBehind(phone.db, refused)).toHaveLength(1);
    const record = (await recordOf(phone.db, 'assist', assist))!;
    expect(record.state).toBe('needs_you');
    expect(record.row.fields['minutes']).toBe(9);
  });

  it('a corrected copy names it, keeps what was sealed, and takes its place in the view', async () => {
    const mended = await mendRefused(phone, refused, { [assist]: { set: { subject: 'thuong-tru' } } });
    expect(mended.ok).toBe(true);
    const record = (await recordOf(phone.db, 'assist', assist))!;
    expect(record.row.fields).toMatchObject({ subject: 'thuong-tru', minutes: 9 });
    expect((await openPersonal(phone, record)).values).toEqual({ note: 'Bà con hỏi lệ phí.' });
    expect(await viewFaults(phone.db.strict)).toEqual([]);
    await deliver({ db: phone.db, world });
    expect(ward.rows.get(`assist/${assist}`)?.fields['subject']).toBe('thuong-tru');
    const lines = await outboxList(phone.db);
    expect(lines.find((line) => line.mutation === refused)).toMatchObject({ state: 'arrived' });
    expect(await mendRefused(phone, refused, {})).toEqual({ ok: false, error: { kind: 'gone' } });
    const history = await historyOf(phone, 'assist', assist);
    expect(history.map((line) => line.kind)).toEqual(['assist.log', 'assist.edit', 'assist.log']);
    expect(history[2]?.mends).toBe(refused);
  });

  it('a mend tidies and judges as a form does, and leaves alone what it did not touch', async () => {
    const added = await addFiling(phone, (await recordOf(phone.db, 'assist', assist))!, FILING);
    if (!added.ok) throw new Error(JSON.stringify(added.error));
    const filing = added.value.rows[0]!;
    const wanted = (code: string) => ({ [filing]: { set: { code } } });
    ward.refuse = (mutation) =>
      mutation.id === added.value.mutation ? { is: 'refused', code: 'internal' } : null;
    await deliver({ db: phone.db, world });
    expect(await mendableRows(phone.db, added.value.mutation)).toEqual([filing]);
    expect(await mendRefused(phone, added.value.mutation, wanted('G22.99.3-260921-896048'))).toEqual({
      ok: false,
      error: { kind: 'invalid', faults: [{ field: `filings.${filing}.code`, kind: 'payment_number' }] },
    });
    const other = { [assist]: { set: { subject: 'khai-tu' } } };
    const mended = await mendRefused(phone, added.value.mutation, { ...wanted(''), ...other });
    if (!mended.ok) throw new Error(JSON.stringify(mended.error));
    const sent = mutationOf((await phone.db.strict.outbox.get(mended.value.mutation))!);
    expect(sent.changes.map(({ id }) => id)).toEqual([filing]);
    expect(sent.changes[0]?.set?.['code']).toEqual({ value: null, on: null });
    expect(await mendableRows(phone.db, added.value.mutation)).toBeNull();
  });

  it('a field the refused edit had left alone stands on what is shown', async () => {
    const [held] = await heldBehind(phone.db, refused);
    const before = (await recordOf(phone.db, 'assist', assist))!;
    const set = { minutes: 11, channel: before.row.fields['channel']!, typedBy: 'helper' };
    const mended = await mendRefused(phone, held!.mutation, { [assist]: { set } });
    if (!mended.ok) throw new Error(JSON.stringify(mended.error));
    const [change] = mutationOf((await phone.db.strict.outbox.get(mended.value.mutation))!).changes;
    expect(Object.keys(change?.set ?? {}).sort()).toEqual(['minutes', 'typedBy']);
    expect(change?.set?.['typedBy']).toEqual({ value: 'helper', on: before.row.stamps['typedBy'] });
    const after = (await recordOf(phone.db, 'assist', assist))!;
    expect(after.row.fields).toMatchObject({ minutes: 11, typedBy: 'helper' });
    expect(after.clashes).toBe(0);
  });

  it('the final outcome of what was held comes later and is taken', async () => {
    await mendRefused(phone, refused, {});
    await deliver({ db: phone.db, world });
    const [held] = await heldBehind(phone.db, refused);
    ward.resettled.push({
      seq: 2,
      id: held!.mutation,
      outcome: { is: 'applied', flags: [], clashes: 0 },
      commit: ward.version,
    });
    await deliver({ db: phone.db, world });
    expect((await recordOf(phone.db, 'assist', assist))?.state).toBe('arrived');
  });

  it('I4 an outcome that comes later, to a locked phone, does not take the edit out of the view before its row is here', async () => {
    await mendRefused(phone, refused, {});
    world.key = null;
    await deliver({ db: phone.db, world });
    const [held] = await heldBehind(phone.db, refused);
    ward.put({ ...ward.rows.get(`assist/${assist}`)! });
    ward.resettled.push({
      seq: 2,
      id: held!.mutation,
      outcome: { is: 'applied', flags: [], clashes: 0 },
      commit: ward.version,
    });
    const shown = (await recordOf(phone.db, 'assist', assist))!;
    await editAssist(phone, shown, { set: { channel: 'desk' } });
    await deliver({ db: phone.db, world });
    const record = (await recordOf(phone.db, 'assist', assist))!;
    expect(record.state).toBe('arrived');
    expect(record.row.fields).toMatchObject({ minutes: 9, channel: 'desk' });
    expect(await viewFaults(phone.db.strict)).toEqual([]);
  });

  it('a discarded one leaves the view; what is held behind it is asked about apart', async () => {
    expect((await discardRefused(phone, refused)).ok).toBe(true);
    const [held] = await heldBehind(phone.db, refused);
    expect(held?.state).toBe('needs_you');
    expect(await recordOf(phone.db, 'assist', assist)).toBeUndefined();
    expect((await discardRefused(phone, held!.mutation)).ok).toBe(true);
    expect((await outboxList(phone.db)).filter((line) => line.state === 'needs_you')).toEqual([]);
    expect(await viewFaults(phone.db.strict)).toEqual([]);
  });
});
