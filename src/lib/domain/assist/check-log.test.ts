import { describe, expect, it } from 'vitest';
import type { PersonId, TeamId } from '../record/ids.ts';
import { checkLog } from './check-log.ts';
import type { FilingForm, LogForm } from './log-form.ts';

/** 22 November 2026, 00:30 in Vietnam: still the 21st in UTC. */
const NOW = Date.UTC(2026, 10, 21, 17, 30);
const DAY = 86_400_000;

const FORM: LogForm = {
  team: 'team' as TeamId,
  performedBy: ['person' as PersonId],
  occurredAt: NOW,
  channel: 'desk',
  subject: 'khai-sinh',
  outcome: 'guided_only',
  accountStep: null,
  reason: null,
  typedBy: null,
  minutes: null,
  satisfaction: null,
  neighbourhood: null,
  personal: {},
  filings: [],
  consent: null,
};
const FILING: FilingForm = {
  procedure: 'khai-sinh',
  code: '',
  submittedDay: '2026-11-22',
  officialDay: null,
  estimate: null,
  packVersion: null,
  status: 'submitted',
  source: 'helper_saw',
  note: '',
};
const CONSENT = { wording: 'v1', purposes: ['keep_name', 'keep_phone'], how: 'spoken' } as const;

function faults(changes: Partial<LogForm>, mustPass = true): string[] {
  return checkLog({ ...FORM, ...changes }, { now: NOW, mustPass }).map(
    ({ field, kind }) => `${field} ${kind}`,
  );
}

describe('L3 what a log must have', () => {
  it('takes the plain one', () => expect(faults({})).toEqual([]));

  it('L1 takes a visit up to 30 days back, with a reason', () => {
    const late = { personal: { lateReason: 'Máy hết pin.' } };
    expect(faults({ occurredAt: NOW - 30 * DAY, ...late })).toEqual([]);
    expect(faults({ occurredAt: NOW - 30 * DAY - 1, ...late })).toEqual(['occurredAt too_long_ago']);
    expect(faults({ occurredAt: NOW - DAY })).toEqual(['personal.lateReason reason_needed']);
    expect(faults({ occurredAt: NOW - 29 * 60_000 })).toEqual([]);
    expect(faults({ occurredAt: NOW - 31 * 60_000 })).toEqual(['personal.lateReason reason_needed']);
  });

  it('takes none in the future, and none of no calendar', () => {
    expect(faults({ occurredAt: NOW + 120_000 })).toEqual(['occurredAt in_future']);
    expect(faults({ occurredAt: Number.NaN })).toEqual(['occurredAt not_a_day']);
    expect(faults({ occurredAt: 9e15 })).toEqual(['occurredAt not_a_day']);
  });

  it('L2 submitted means a plausible code; a payment number is never one', () => {
    const with_ = (outcome: LogForm['outcome'], code: string) =>
      faults({ outcome, filings: [{ ...FILING, code }] });
    expect(with_('submitted', 'G22.99-251225-020175')).toEqual([]);
    expect(with_('submitted', '')).toEqual(['filings.0.code missing']);
    expect(with_('submitted', 'abc')).toEqual(['filings.0.code implausible_code']);
    expect(with_('submitted_no_code', '')).toEqual([]);
    expect(with_('submitted_no_code', 'abc')).toEqual([]);
    expect(with_('submitted_no_code', 'G22.99.3-260921-896048')).toEqual(['filings.0.code payment_number']);
    expect(with_('submitted_no_code', 'x'.repeat(61))).toEqual(['filings.0.code too_long']);
  });

  it('the same code twice in one sitting is said', () => {
    const one = { ...FILING, code: 'G22.99-251225-020175' };
    const two = { ...FILING, code: ' g22.99-251225-020175' };
    expect(faults({ outcome: 'submitted', filings: [one, two] })).toEqual(['filings.1.code same_code_twice']);
  });

  it('an outcome has what belongs to it, and nothing else', () => {
    expect(faults({ outcome: 'submitted_no_code' })).toEqual(['filings missing']);
    expect(faults({ filings: [FILING] })).toEqual(['filings not_for_outcome']);
    expect(faults({ outcome: 'account_step' })).toEqual(['accountStep missing']);
    expect(faults({ outcome: 'not_possible' })).toEqual(['reason missing']);
    expect(faults({ outcome: 'declined', reason: 'portal_down' })).toEqual(['reason not_for_outcome']);
    expect(faults({ outcome: 'declined', reason: 'no_time' })).toEqual([]);
    expect(faults({ reason: 'other' })).toEqual(['reason not_for_outcome']);
  });

  it('dates are calendar days, and not ahead', () => {
    const dated = (changes: Partial<FilingForm>) =>
      faults({ outcome: 'submitted_no_code', filings: [{ ...FILING, ...changes }] });
    expect(dated({ submittedDay: '2026-02-30' })).toEqual(['filings.0.submittedDay not_a_day']);
    expect(dated({ submittedDay: '2026-11-23' })).toEqual(['filings.0.submittedDay in_future']);
    expect(dated({ officialDay: 'mai' })).toEqual(['filings.0.officialDay not_a_day']);
  });
});

describe('T9 A7 what is kept of a resident', () => {
  it('free text holds no personal number and no secret, in any field', () => {
    expect(faults({ personal: { note: 'Số 001202012345 nhé' } })).toEqual(['personal.note forbidden_text']);
    expect(faults({ personal: { note: 'mã OTP 482913' } })).toEqual(['personal.note forbidden_text']);
    expect(faults({ personal: { note: 'Hẹn ngày 22/11/2026, lệ phí 50.000 đồng' } })).toEqual([]);
    expect(faults({ personal: { note: 'à'.repeat(100_000) } })).toEqual(['personal.note too_long']);
  });

  it('a phone is a phone and a year a year; twelve digits are neither', () => {
    const kept = (personal: LogForm['personal']) => faults({ personal, consent: CONSENT });
    expect(kept({ residentPhone: '0912 345 678' })).toEqual([]);
    expect(kept({ residentPhone: '001202012345' })).toEqual(['personal.residentPhone not_a_phone']);
    expect(kept({ residentBirthYear: '1950' })).toEqual([]);
    expect(kept({ residentBirthYear: '2027' })).toEqual(['personal.residentBirthYear not_a_year']);
  });

  it('names are kept only with consent, and phones only with their own', () => {
    expect(faults({ personal: { residentName: 'Thạch Sô Phia' } })).toEqual(['consent consent_needed']);
    expect(faults({ personal: { residentName: 'K’Bril' }, consent: CONSENT })).toEqual([]);
    const nameOnly = { ...CONSENT, purposes: ['keep_name'] } as const;
    expect(faults({ personal: { residentPhone: '0912345678' }, consent: nameOnly })).toEqual([
      'personal.residentPhone consent_needed',
    ]);
  });

  it('without the module only anonymous assists are logged', () => {
    expect(faults({ personal: { residentName: 'Lan' }, consent: CONSENT }, false)).toEqual([
      'consent module_needed',
    ]);
    expect(faults({ personal: { note: 'ổn' } }, false)).toEqual([]);
  });
});
