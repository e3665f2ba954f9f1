import type { LogFault } from '$lib/domain/assist/check-log.ts';
import type { Messages } from '$lib/messages/dictionary.ts';
import type { SaveFault } from './try-save.ts';

/** Why nothing was saved, and what to do. */
export function faultWords(m: Messages, fault: SaveFault): string {
  const text = m.field.quickLog.notSaved;
  switch (fault.kind) {
    case 'invalid':
      return text.malformed;
    case 'too_large':
      return text.too_large;
    case 'disk_full':
      return text.quota;
    case 'newer_app':
      return text.blocked;
    case 'connection_lost':
      return text.closed;
    case 'not_allowed':
      return m.filingWords.refusals[fault.code];
    case 'gone':
      return m.field.records.notFound;
    case 'locked':
      return text.locked;
    case 'too_late':
      return text.tooLate;
    default:
      return text.unknown;
  }
}

const PROBLEMS: Readonly<Record<LogFault['kind'], keyof Messages['field']['problems']>> = {
  missing: 'required',
  not_for_outcome: 'required',
  in_future: 'in_future',
  too_long_ago: 'too_old',
  reason_needed: 'late_reason_needed',
  not_a_day: 'day_invalid',
  implausible_code: 'code_implausible',
  payment_number: 'code_payment',
  same_code_twice: 'code_implausible',
  too_long: 'textTooLong',
  forbidden_text: 'forbidden',
  not_a_phone: 'phone_invalid',
  not_a_year: 'year_invalid',
  consent_needed: 'consent_needed',
  module_needed: 'consent_needed',
  out_of_range: 'required',
};

/** What to say beside a field; undefined where there is nothing to mend. */
export function problemAt(m: Messages, faults: readonly LogFault[], field: string): string | undefined {
  const fault = faults.find((one) => one.field === field);
  if (fault === undefined) return undefined;
  return m.field.problems[PROBLEMS[fault.kind]];
}
