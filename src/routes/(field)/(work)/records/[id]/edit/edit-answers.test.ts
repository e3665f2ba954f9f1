import { describe, expect, it } from 'vitest';
import type { ShownRow } from '$lib/phone/view/shown-row.ts';
import type { AssistWithFilings } from '$lib/phone/view/records.ts';
import { correctionsOf, editAnswersOf, rowEditsOf } from './edit-answers.ts';

const row = (kind: string, id: string, fields: object, stamp: string) =>
  ({
    kind,
    id,
    row: { fields, stamps: Object.fromEntries(Object.keys(fields).map((field) => [field, stamp])) },
  }) as unknown as ShownRow;

const record: AssistWithFilings = {
  assist: row('assist', 'a1', { outcome: 'guided_only', channel: 'door', typedBy: 'helper' }, 'm1'),
  filings: [row('filing', 'f1', { code: 'H25.1-1' }, 'm1'), row('filing', 'f2', { code: null }, 'm2')],
  consents: [],
};

describe('L3 I5 what a correction keeps while it is written', () => {
  it('the stamps of the screen it was begun on, also after the draft has lain', () => {
    const draft = JSON.parse(JSON.stringify(editAnswersOf(record, null))) as ReturnType<typeof editAnswersOf>;
    draft.codes['f2'] = 'H25.2-2';
    draft.typed.note = 'Đã gọi lại.';
    const edits = rowEditsOf(draft);
    expect(edits.map(({ base }) => [base.id, base.row.stamps])).toEqual([
      ['a1', { outcome: 'm1', channel: 'm1', typedBy: 'm1' }],
      ['f1', { code: 'm1' }],
      ['f2', { code: 'm2' }],
    ]);
    expect(edits.map(({ edit }) => edit)).toEqual([
      {
        set: { outcome: 'guided_only', channel: 'door', typedBy: 'helper' },
        personal: { note: 'Đã gọi lại.' },
      },
      { set: { code: 'H25.1-1' } },
      { set: { code: 'H25.2-2' } },
    ]);
  });

  it('a mend offers the refused save’s own rows only', () => {
    const answers = editAnswersOf(record, ['f1']);
    expect(answers.codes).toEqual({ f1: 'H25.1-1' });
    expect(Object.keys(correctionsOf(answers))).toEqual(['f1']);
  });
});
