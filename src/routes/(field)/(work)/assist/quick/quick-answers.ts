import type { AssistValues, Channel } from '$lib/domain/assist/assist.ts';
import { DECLINED_REASONS, NOT_POSSIBLE_REASONS } from '$lib/domain/assist/assist-choices.ts';
import type { ConsentForm, LogForm } from '$lib/domain/assist/log-form.ts';
import type { PersonalField } from '$lib/domain/people/personal-fields.ts';
import { dayOf } from '$lib/kernel/calendar/day.ts';
import type { Instant } from '$lib/kernel/clock.ts';
import { quickForm, type QuickLog } from '$lib/phone/commands/quick-form.ts';
import type { Account } from '$lib/protocol/enrol.ts';

/** What somebody has tapped so far; all of it survives a kill as a draft. */
export interface QuickAnswers {
  subject: string | null;
  outcome: QuickLog['outcome'] | null;
  accountStep: AssistValues['accountStep'];
  reason: AssistValues['reason'];
  typedBy: AssistValues['typedBy'];
  channel: Channel | null;
  satisfaction: AssistValues['satisfaction'];
  code: string;
  /** '' for "vừa xong". */
  occurredOn: string;
  consent: ConsentForm['how'] | null;
  personal: Partial<Record<PersonalField, string>>;
}

export function emptyAnswers(channel: Channel | null): QuickAnswers {
  return {
    subject: null,
    outcome: null,
    accountStep: null,
    reason: null,
    typedBy: null,
    channel,
    satisfaction: null,
    code: '',
    occurredOn: '',
    consent: null,
    personal: {},
  };
}

/** The reasons that an outcome asks for; none for the others. */
export function reasonsOf(outcome: QuickAnswers['outcome']): readonly NonNullable<AssistValues['reason']>[] {
  if (outcome === 'not_possible') return NOT_POSSIBLE_REASONS;
  return outcome === 'declined' ? DECLINED_REASONS : [];
}

/** The questions that Lưu cannot do without. */
export type Asked = 'subject' | 'outcome' | 'accountStep' | 'reason' | 'typedBy' | 'channel';

/** Those that are still to be answered, in the order of the screen. Empty: Lưu may be pressed. */
export function missingIn(answers: QuickAnswers): readonly Asked[] {
  const { outcome } = answers;
  const asked: readonly Asked[] = [
    'subject',
    'outcome',
    ...(outcome === 'account_step' ? (['accountStep'] as const) : []),
    ...(reasonsOf(outcome).length > 0 ? (['reason'] as const) : []),
    'typedBy',
    'channel',
  ];
  return asked.filter((one) => answers[one] === null);
}

/** Version of the consent wording that the screen reads out. */
export const CONSENT_WORDING = '2026-11';

/** The whole form of what was tapped. Null while something is missing, or the account has no team. */
export function formOf(
  account: Account,
  answers: QuickAnswers,
  now: Instant,
  filing: Pick<QuickLog, 'estimate' | 'packVersion'>,
): LogForm | null {
  const { subject, outcome, channel } = answers;
  if (missingIn(answers).length > 0 || subject === null || outcome === null || channel === null) return null;
  const quick: QuickLog = { ...answers, ...filing, subject, outcome, channel };
  const form = quickForm(account, quick, now);
  return (
    form && {
      ...form,
      occurredAt: instantOf(answers.occurredOn, now),
      personal: answers.personal,
      consent: consentOf(answers),
    }
  );
}

/** Noon of a day gone by: the hour is not known, and noon is that day in every reading. */
function instantOf(day: string, now: Instant): Instant {
  return day === '' || day === dayOf(now) ? now : Date.parse(`${day}T12:00:00+07:00`);
}

function consentOf({ consent, personal }: QuickAnswers): ConsentForm | null {
  if (consent === null) return null;
  const purposes: ConsentForm['purposes'][number][] = ['follow_up'];
  if (personal.residentName?.trim()) purposes.push('keep_name');
  if (personal.residentPhone?.trim()) purposes.push('keep_phone');
  return { wording: CONSENT_WORDING, purposes, how: consent };
}
