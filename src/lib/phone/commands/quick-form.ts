import type { FilingForm, LogForm } from '../../domain/assist/log-form.ts';
import { submittedOutcome } from '../../domain/assist/log-form.ts';
import { dayOf } from '../../kernel/calendar/day.ts';
import type { Instant } from '../../kernel/clock.ts';
import type { Account } from '../../protocol/enrol.ts';

/** What six taps gather; all else has a value that can be completed later. */
export interface QuickLog {
  readonly subject: string;
  /** `filed`: "Đã nộp"; the code decides between submitted and submitted_no_code. */
  readonly outcome: 'filed' | Exclude<LogForm['outcome'], 'submitted' | 'submitted_no_code'>;
  readonly typedBy: LogForm['typedBy'];
  readonly channel: LogForm['channel'];
  readonly accountStep?: LogForm['accountStep'];
  readonly reason?: LogForm['reason'];
  readonly satisfaction?: LogForm['satisfaction'];
  readonly code?: string;
  readonly estimate?: FilingForm['estimate'];
  readonly packVersion?: string | null;
}

/** Makes the whole form of a quick log: now, by oneself, in one's (first) team. Null: the account has no team. */
export function quickForm(account: Account, quick: QuickLog, now: Instant): LogForm | null {
  const team = account.teams[0];
  if (team === undefined) return null;
  const filed = quick.outcome === 'filed';
  const code = quick.code ?? '';
  const filing: FilingForm = {
    procedure: quick.subject,
    code,
    submittedDay: dayOf(now),
    officialDay: null,
    estimate: quick.estimate ?? null,
    packVersion: quick.packVersion ?? null,
    status: 'submitted',
    source: 'helper_saw',
    note: '',
  };
  return {
    team: team.id,
    performedBy: [account.person],
    occurredAt: now,
    channel: quick.channel,
    subject: quick.subject,
    outcome: quick.outcome === 'filed' ? submittedOutcome(code) : quick.outcome,
    accountStep: quick.accountStep ?? null,
    reason: quick.reason ?? null,
    typedBy: quick.typedBy,
    minutes: null,
    satisfaction: quick.satisfaction ?? null,
    neighbourhood: null,
    personal: {},
    filings: filed ? [filing] : [],
    consent: null,
  };
}
