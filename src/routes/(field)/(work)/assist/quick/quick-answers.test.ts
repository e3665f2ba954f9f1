import { describe, expect, it } from 'vitest';
import type { Account } from '$lib/protocol/enrol.ts';
import { emptyAnswers, formOf, missingIn, type QuickAnswers } from './quick-answers.ts';

const NOW = Date.parse('2026-11-23T09:00:00+07:00');
const account = {
  person: '01900000-0000-7000-8000-000000000001',
  teams: [{ id: '01900000-0000-7000-8000-000000000002', name: 'Tổ 1' }],
} as unknown as Account;
const nothing = { estimate: null, packVersion: null };
const tapped: QuickAnswers = {
  ...emptyAnswers('door'),
  subject: 'vneid',
  outcome: 'account_step',
  accountStep: 'activated',
  typedBy: 'resident',
};

describe('L3 what Ghi nhanh gathers', () => {
  it('names what is still to be answered, in the order of the screen', () => {
    expect(missingIn(tapped)).toEqual([]);
    for (const field of ['subject', 'outcome', 'accountStep', 'typedBy', 'channel'] as const) {
      expect(missingIn({ ...tapped, [field]: null }), field).toEqual([field]);
    }
    expect(missingIn({ ...tapped, outcome: 'declined' })).toEqual(['reason']);
    expect(missingIn({ ...tapped, outcome: 'declined', reason: 'no_time' })).toEqual([]);
    expect(missingIn(emptyAnswers(null))).toEqual(['subject', 'outcome', 'typedBy', 'channel']);
  });

  it('makes "đã nộp" without a code a filing whose code is still to come', () => {
    const filed: QuickAnswers = { ...tapped, subject: 'khai-sinh', outcome: 'filed', accountStep: null };
    expect(formOf(account, filed, NOW, nothing)?.outcome).toBe('submitted_no_code');
    const coded = formOf(account, { ...filed, code: 'H26-261123-0012' }, NOW, nothing);
    expect(coded?.outcome).toBe('submitted');
    expect(coded?.filings).toHaveLength(1);
  });

  it('keeps a visit of another day on that day, and today at this very moment', () => {
    expect(formOf(account, tapped, NOW, nothing)?.occurredAt).toBe(NOW);
    const earlier = formOf(account, { ...tapped, occurredOn: '2026-11-20' }, NOW, nothing)?.occurredAt;
    expect(earlier).toBe(Date.parse('2026-11-20T12:00:00+07:00'));
  });

  it('asks consent only for what is kept', () => {
    const form = formOf(
      account,
      { ...tapped, consent: 'spoken', personal: { residentName: 'Cô Lan' } },
      NOW,
      nothing,
    );
    expect(form?.consent?.purposes).toEqual(['follow_up', 'keep_name']);
    expect(formOf(account, tapped, NOW, nothing)?.consent).toBeNull();
  });

  it('gives nothing to an account without a team', () => {
    expect(formOf({ ...account, teams: [] }, tapped, NOW, nothing)).toBeNull();
  });
});
