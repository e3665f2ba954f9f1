import { describe, expect, it } from 'vitest';
import { testForm, testPhone, testSealer, seededRandom } from '../../../../tests/support/phone/test-phone.ts';
import { logAssist } from '../commands/log-assist.ts';
import { draftList } from './draft-list.ts';
import { dropDraft, openDraft, putDraft } from './drafts.ts';

const FORM = { step: 2, note: 'Bà con kể chuyện dài.' };

describe('E1 drafts', () => {
  it('are kept sealed and come back as they were', async () => {
    const phone = await testPhone();
    expect((await putDraft(phone, 'quick', FORM, 'typing')).ok).toBe(true);
    expect(JSON.stringify(await phone.db.strict.drafts.toArray())).not.toContain('kể chuyện');
    expect(await openDraft(phone, 'quick')).toEqual({ ok: true, value: FORM });
    expect(await draftList(phone.db)).toEqual([{ id: 'quick', at: phone.clock.at }]);
  });

  it('one that cannot be opened is said so and stays', async () => {
    const phone = await testPhone();
    await putDraft(phone, 'quick', FORM, 'step');
    const stranger = { ...phone, sealer: await testSealer('key-1', seededRandom(9).bytes(32)) };
    expect(await openDraft(stranger, 'quick')).toEqual({ ok: false, error: { kind: 'unreadable' } });
    expect(await draftList(phone.db)).toHaveLength(1);
  });

  it('a save takes its draft along, a save that fails leaves it', async () => {
    const phone = await testPhone();
    await putDraft(phone, 'quick', FORM, 'step');
    await logAssist(phone, testForm({ outcome: 'submitted' }), { draft: 'quick' });
    expect(await draftList(phone.db)).toHaveLength(1);
    expect((await logAssist(phone, testForm(), { draft: 'quick' })).ok).toBe(true);
    expect(await draftList(phone.db)).toEqual([]);
  });

  it('can be dropped', async () => {
    const phone = await testPhone();
    await putDraft(phone, 'a', FORM, 'typing');
    await dropDraft(phone.db, 'a');
    expect(await openDraft(phone, 'a')).toEqual({ ok: true, value: null });
  });
});
