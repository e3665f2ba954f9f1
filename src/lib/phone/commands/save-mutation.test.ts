import { describe, expect, it } from 'vitest';
import { testForm, testPhone } from '../../../../tests/support/phone/test-phone.ts';
import { openPersonal } from '../view/personal-parts.ts';
import { unsentCount } from '../view/outbox-view.ts';
import { assistWithFilings, todayAssists } from '../view/records.ts';
import { logAnother } from './log-another.ts';
import { logAssist } from './log-assist.ts';
import { undoLog } from './undo-log.ts';
import { editAssist } from './edit-records.ts';

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
