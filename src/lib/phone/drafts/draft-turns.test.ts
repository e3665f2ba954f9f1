import { describe, expect, it } from 'vitest';
import { testForm, testPhone } from '../../../../tests/support/phone/test-phone.ts';
import { logAssist } from '../commands/log-assist.ts';
import { draftList } from './draft-list.ts';
import { dropDraft, putDraft } from './drafts.ts';
import { DraftTurns } from './draft-turns.ts';

const ID = 'quick';

async function begun() {
  const phone = await testPhone();
  const turns = new DraftTurns();
  const keep = () => turns.keep(() => putDraft(phone, ID, { note: 'x' }, 'step').then(() => undefined));
  await keep();
  return { phone, turns, keep, drafts: async () => (await draftList(phone.db)).length };
}

describe('L5 a draft and the save that takes it along', () => {
  it('a draft sealed by the lock in the middle of the save does not come back after it', async () => {
    const { phone, turns, keep, drafts } = await begun();
    const locked: Promise<void>[] = [];
    const saved = await turns.save(() => {
      const saving = logAssist(phone, testForm(), { draft: ID });
      // The lock comes now, and once more when the save has just stood.
      locked.push(keep());
      return saving.then((result) => {
        locked.push(keep());
        return result;
      });
    });
    await Promise.all(locked);
    expect(saved.ok).toBe(true);
    expect(turns.over).toBe(true);
    expect(await drafts()).toBe(0);
  });

  it('a save that failed leaves the draft, with what was typed meanwhile', async () => {
    const { phone, turns, drafts } = await begun();
    let typed = '';
    const saving = turns.save(() => logAssist(phone, testForm({ outcome: 'submitted' }), { draft: ID }));
    const kept = turns.keep(async () => {
      typed = 'meanwhile';
      await putDraft(phone, ID, { note: typed }, 'step');
    });
    expect((await saving).ok).toBe(false);
    await kept;
    expect([typed, turns.over, await drafts()]).toEqual(['meanwhile', false, 1]);
  });

  it('a write that failed holds up nothing behind it; dropped is dropped', async () => {
    const { phone, turns, keep, drafts } = await begun();
    await expect(turns.keep(() => Promise.reject(new Error('full')))).rejects.toThrow('full');
    await turns.drop(() => dropDraft(phone.db, ID), false);
    expect(await drafts()).toBe(0);
    await keep();
    expect(await drafts()).toBe(1);
    await turns.drop(() => dropDraft(phone.db, ID), true);
    await keep();
    expect(await drafts()).toBe(0);
  });
});
