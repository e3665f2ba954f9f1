import { describe, expect, it } from 'vitest';
import { FILING, testForm, testPhone, uuidAt } from '../../../../tests/support/phone/test-phone.ts';
import type { GrantId } from '../../domain/record/ids.ts';
import { writeMeta } from '../store/meta.ts';
import { openPersonal } from '../view/personal-parts.ts';
import { unsentCount } from '../view/outbox-counts.ts';
import { outboxList } from '../view/outbox-view.ts';
import { assistWithFilings } from '../view/records.ts';
import { todayAssists } from '../view/today-assists.ts';
import { logAnother } from './log-another.ts';
import { logAssist } from './log-assist.ts';
import { undoLog } from './undo-log.ts';
import { draftList } from '../drafts/draft-list.ts';
import { putDraft } from '../drafts/drafts.ts';
import { editAssist, editRows } from './edit-records.ts';

describe('L3 quick log on the phone', () => {
  it('I1 puts view row and outgoing mutation there together, sealed', async () => {
    const phone = await testPhone();
    const saved = await logAssist(phone, testForm());
    expect(saved.ok).toBe(true);
    const [record] = await todayAssists(phone.db, '2026-11-22');
    expect(record?.state).toBe('on_phone');
    expect(record?.row.fields['subject']).toBe('khai-sinh');
    expect(await unsentCount(phone.db)).toBe(1);
    expect(phone.saves).toBe(1);
    const everything = JSON.stringify([
      await phone.db.strict.rows.toArray(),
      await phone.db.strict.outbox.toArray(),
    ]);
    expect(everything).not.toContain('lệ phí');
    const opened = await openPersonal(phone, record!);
    expect(opened).toEqual({ values: { note: 'Bà con hỏi lệ phí.' }, late: {}, unreadable: false });
  });

  it('keeps the form: what the check asks is said, and nothing is stored', async () => {
    const phone = await testPhone();
    const result = await logAssist(phone, testForm({ outcome: 'submitted' }));
    expect(result).toEqual({
      ok: false,
      error: { kind: 'invalid', faults: [{ field: 'filings', kind: 'missing' }] },
    });
    expect(await unsentCount(phone.db)).toBe(0);
  });

  it('I7 is made under the grant that stands when it is saved, also one told after the last save', async () => {
    const phone = await testPhone();
    await logAssist(phone, testForm());
    const moved = { ...phone.account, grant: uuidAt(9) as GrantId };
    await writeMeta(phone.db.relaxed, 'account', moved);
    expect((await logAssist(phone, testForm())).ok).toBe(true);
    const entries = await phone.db.strict.outbox.orderBy('place').toArray();
    expect(entries.map(({ plain, actor }) => [plain.includes(moved.grant), actor.grant])).toEqual([
      [false, phone.account.grant],
      [true, moved.grant],
    ]);
    await phone.db.relaxed.meta.delete('account');
    expect(await logAssist(phone, testForm())).toEqual({ ok: false, error: { kind: 'not_enrolled' } });
    expect(await unsentCount(phone.db)).toBe(2);
  });

  it('edits own waiting record on the stamps it showed', async () => {
    const phone = await testPhone();
    const saved = await logAssist(phone, testForm());
    if (!saved.ok) throw new Error('not saved');
    const shown = (await assistWithFilings(phone.db, saved.value.rows[0]!))!.assist;
    const edited = await editAssist(phone, shown, {
      set: { minutes: 12 },
      personal: { note: 'Đã gọi lại.' },
    });
    expect(edited.ok).toBe(true);
    const again = (await assistWithFilings(phone.db, shown.id))!.assist;
    expect(again.row.fields['minutes']).toBe(12);
    expect(again.clashes).toBe(0);
    expect((await openPersonal(phone, again)).values).toEqual({ note: 'Đã gọi lại.' });
  });

  it('I5 one save of a form over several rows is one mutation: whole, or not at all', async () => {
    const phone = await testPhone();
    const twoFilings = [FILING, { ...FILING, procedure: 'khai-tu' }];
    const saved = await logAssist(phone, testForm({ outcome: 'submitted_no_code', filings: twoFilings }));
    if (!saved.ok) throw new Error(JSON.stringify(saved.error));
    const { assist, filings } = (await assistWithFilings(phone.db, saved.value.rows[0]!))!;
    const [first, second] = filings as [(typeof filings)[0], (typeof filings)[0]];
    await putDraft(phone, 'edit/1', { any: 1 }, 'step');
    const edits = (code: string) => [
      { base: assist, edit: { set: { channel: 'hall' }, personal: { note: 'Đã gọi lại.' } } },
      { base: first, edit: { set: { code: ' h25.12 - 261122 - 0001 ' } } },
      { base: second, edit: { set: { code } } },
    ];
    expect(await editRows(phone, edits('G22.99.3-260921-896048'), { draft: 'edit/1' })).toEqual({
      ok: false,
      error: { kind: 'invalid', faults: [{ field: `filings.${second.id}.code`, kind: 'payment_number' }] },
    });
    expect(await unsentCount(phone.db)).toBe(1);
    expect(await draftList(phone.db)).toHaveLength(1);
    const edited = await editRows(phone, edits(''), { draft: 'edit/1' });
    expect(edited).toMatchObject({ ok: true, value: { rows: [assist.id, first.id] } });
    expect((await outboxList(phone.db)).map(({ kind }) => kind)).toEqual(['assist.log', 'assist.edit']);
    expect(await draftList(phone.db)).toEqual([]);
    const again = (await assistWithFilings(phone.db, assist.id))!;
    expect(again.assist.row.fields['channel']).toBe('hall');
    expect(again.filings.map(({ row }) => row.fields['code'])).toEqual(['H25.12-261122-0001', null]);
  });

  it('I5 a correction written on an older screen is a clash, never an overwrite', async () => {
    const phone = await testPhone();
    const saved = await logAssist(phone, testForm());
    if (!saved.ok) throw new Error('not saved');
    const begun = (await assistWithFilings(phone.db, saved.value.rows[0]!))!.assist;
    await editAssist(phone, begun, { set: { minutes: 5 } });
    await editAssist(phone, begun, { set: { minutes: 7, channel: begun.row.fields['channel']! } });
    const again = (await assistWithFilings(phone.db, begun.id))!.assist;
    expect(again.row.fields['minutes']).toBe(5);
    expect(again.clashes).toBe(1);
    const entries = await phone.db.strict.outbox.orderBy('place').toArray();
    expect(entries.at(-1)?.plain).not.toContain('"channel"');
  });

  it('undoes within ten seconds by a void, both in the outbox', async () => {
    const phone = await testPhone();
    const saved = await logAssist(phone, testForm());
    if (!saved.ok) throw new Error('not saved');
    phone.clock.at += 9000;
    expect((await undoLog(phone, saved.value)).ok).toBe(true);
    expect(await todayAssists(phone.db, '2026-11-22')).toEqual([]);
    expect(await unsentCount(phone.db)).toBe(2);
    phone.clock.at += 9000;
    expect(await undoLog(phone, saved.value)).toEqual({ ok: false, error: { kind: 'too_late' } });
  });

  it('logs another one like it, without what belongs to one resident', async () => {
    const phone = await testPhone();
    const saved = await logAssist(phone, testForm());
    if (!saved.ok) throw new Error('not saved');
    const again = await logAnother(phone, saved.value.rows[0]!);
    if (!again.ok) throw new Error('not saved');
    const record = (await assistWithFilings(phone.db, again.value.rows[0]!))!.assist;
    expect(record.row.fields['subject']).toBe('khai-sinh');
    expect(record.row.sealed).toEqual({});
  });
});
