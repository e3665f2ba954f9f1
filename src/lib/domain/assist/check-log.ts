import { dayOf, EARLIEST_INSTANT, LATEST_INSTANT, parseDay } from '../../kernel/calendar/day.ts';
import type { Instant } from '../../kernel/clock.ts';
import { cleanText } from '../../kernel/text/clean-text.ts';
import { judgeDossierCode } from '../filing/dossier-code.ts';
import { findForbidden } from '../people/forbidden-text.ts';
import { PERSONAL_FIELDS, type PersonalField, type PersonalValues } from '../people/personal-fields.ts';
import { assistFields } from './assist.ts';
import { DECLINED_REASONS, NOT_POSSIBLE_REASONS } from './assist-choices.ts';
import type { FilingForm, LogForm } from './log-form.ts';

/** What a screen asks to be mended before it saves. The server asks none of this: it keeps and flags. */
export const LOG_FAULTS = [
  'missing',
  'not_for_outcome',
  'in_future',
  'too_long_ago',
  'reason_needed',
  'not_a_day',
  'implausible_code',
  'payment_number',
  'same_code_twice',
  'too_long',
  'forbidden_text',
  'not_a_phone',
  'not_a_year',
  'consent_needed',
  'module_needed',
  'out_of_range',
] as const;

export interface LogFault {
  /** Path of the field in the form: `occurredAt`, `filings.0.code`, `personal.note`. */
  readonly field: string;
  readonly kind: (typeof LOG_FAULTS)[number];
}

export interface LogCircumstances {
  readonly now: Instant;
  /** T9: without it a helper logs anonymous assists only. */
  readonly mustPass: boolean;
}

const DAY_MS = 86_400_000;
const BACK_MS = 30 * DAY_MS;
/** Two clocks of one phone may differ by a moment. */
const AHEAD_MS = 60_000;

/** Everything the form lacks, in the order of the form. Empty: it may be saved. */
export function checkLog(form: LogForm, at: LogCircumstances): readonly LogFault[] {
  return [
    ...checkTime(form, at),
    ...checkOutcome(form),
    ...checkPlain(form),
    ...form.filings.flatMap((filing, index) => checkFiling(filing, `filings.${index}`, form, at)),
    ...checkCodesDiffer(form),
    ...checkPersonal(form.personal, at.now),
    ...checkConsent(form, at),
  ];
}

function checkTime(form: LogForm, at: LogCircumstances): LogFault[] {
  const { occurredAt } = form;
  if (!Number.isSafeInteger(occurredAt) || occurredAt < EARLIEST_INSTANT || occurredAt > LATEST_INSTANT) {
    return [{ field: 'occurredAt', kind: 'not_a_day' }];
  }
  if (occurredAt > at.now + AHEAD_MS) return [{ field: 'occurredAt', kind: 'in_future' }];
  if (occurredAt < at.now - BACK_MS) return [{ field: 'occurredAt', kind: 'too_long_ago' }];
  const late = dayOf(occurredAt) < dayOf(at.now);
  const given = (form.personal.lateReason ?? '').trim() !== '';
  return late && !given ? [{ field: 'personal.lateReason', kind: 'reason_needed' }] : [];
}

/** What an outcome needs beside itself, and what does not belong to it. */
function checkOutcome(form: LogForm): LogFault[] {
  const faults: LogFault[] = [];
  const filed = form.outcome === 'submitted' || form.outcome === 'submitted_no_code';
  if (filed && form.filings.length === 0) faults.push({ field: 'filings', kind: 'missing' });
  if (!filed && form.filings.length > 0) faults.push({ field: 'filings', kind: 'not_for_outcome' });
  if (form.outcome === 'account_step' && form.accountStep === null) {
    faults.push({ field: 'accountStep', kind: 'missing' });
  }
  return [...faults, ...checkReason(form)];
}

const REASONS: Readonly<Partial<Record<LogForm['outcome'], readonly string[]>>> = {
  not_possible: NOT_POSSIBLE_REASONS,
  declined: DECLINED_REASONS,
};

function checkReason({ outcome, reason }: LogForm): LogFault[] {
  const reasons = REASONS[outcome];
  if (reason === null) return reasons === undefined ? [] : [{ field: 'reason', kind: 'missing' }];
  return reasons?.includes(reason) === true ? [] : [{ field: 'reason', kind: 'not_for_outcome' }];
}

/** Whether each plain value is one of those its field knows. */
function checkPlain(form: LogForm): LogFault[] {
  const faults: LogFault[] = [];
  if (form.performedBy.length === 0) faults.push({ field: 'performedBy', kind: 'missing' });
  if (form.subject === '') faults.push({ field: 'subject', kind: 'missing' });
  for (const field of [
    'channel',
    'subject',
    'outcome',
    'typedBy',
    'minutes',
    'satisfaction',
    'accountStep',
  ] as const) {
    if (form[field] !== '' && !assistFields[field].safeParse(form[field]).success)
      faults.push({ field, kind: 'out_of_range' });
  }
  if (form.performedBy.length > 6) faults.push({ field: 'performedBy', kind: 'out_of_range' });
  return faults;
}

export function checkFiling(
  filing: FilingForm,
  path: string,
  form: Pick<LogForm, 'outcome'>,
  at: Pick<LogCircumstances, 'now'>,
): LogFault[] {
  const faults: LogFault[] = [];
  const submitted = parseDay(filing.submittedDay);
  if (submitted === null) faults.push({ field: `${path}.submittedDay`, kind: 'not_a_day' });
  else if (submitted > dayOf(at.now)) faults.push({ field: `${path}.submittedDay`, kind: 'in_future' });
  if (filing.officialDay !== null && parseDay(filing.officialDay) === null) {
    faults.push({ field: `${path}.officialDay`, kind: 'not_a_day' });
  }
  faults.push(...checkCode(filing.code, `${path}.code`, form.outcome === 'submitted'));
  faults.push(...checkText(filing.note, `${path}.note`, 'note'));
  return faults;
}

/** A code is asked for only where the outcome says there is one; a payment number is never taken for it. */
export function checkCode(code: string, field: string, needed: boolean): LogFault[] {
  if (code.trim() === '') return needed ? [{ field, kind: 'missing' }] : [];
  const judged = judgeDossierCode(code);
  if (judged.kind === 'payment_number') return [{ field, kind: 'payment_number' }];
  if ([...judged.code].length > 60) return [{ field, kind: 'too_long' }];
  return needed && judged.kind === 'implausible' ? [{ field, kind: 'implausible_code' }] : [];
}

function checkCodesDiffer(form: LogForm): LogFault[] {
  const seen = new Set<string>();
  return form.filings.flatMap((filing, index): LogFault[] => {
    const { code } = judgeDossierCode(filing.code);
    if (code === '') return [];
    if (seen.has(code)) return [{ field: `filings.${index}.code`, kind: 'same_code_twice' }];
    seen.add(code);
    return [];
  });
}

/** Phone and year have shapes of their own; all else is free text and searched for numbers and secrets. */
export function checkPersonal(values: PersonalValues, now: Instant): LogFault[] {
  const faults: LogFault[] = [];
  for (const name of Object.keys(values) as PersonalField[]) {
    const value = (values[name] ?? '').trim();
    const field = `personal.${name}`;
    if (value === '') continue;
    if (name === 'residentPhone') {
      if (!/^\+?\d{8,11}$/.test(value.replace(/[\s.()-]/g, ''))) faults.push({ field, kind: 'not_a_phone' });
    } else if (name === 'residentBirthYear') {
      const thisYear = now >= EARLIEST_INSTANT && now <= LATEST_INSTANT ? dayOf(now).slice(0, 4) : '9999';
      if (!/^\d{4}$/.test(value) || value < '1900' || value > thisYear)
        faults.push({ field, kind: 'not_a_year' });
    } else {
      faults.push(...checkText(value, field, name));
    }
  }
  return faults;
}

function checkText(text: string, field: string, name: PersonalField): LogFault[] {
  if (!cleanText(text, { most: PERSONAL_FIELDS[name].maxLength, lines: 'many' }).ok)
    return [{ field, kind: 'too_long' }];
  return findForbidden(text).length > 0 ? [{ field, kind: 'forbidden_text' }] : [];
}

/** Names, phone and the like are kept only for somebody who agreed, by somebody who has passed the module. */
function checkConsent(form: LogForm, at: LogCircumstances): LogFault[] {
  const kept = (Object.keys(form.personal) as PersonalField[]).filter(
    (field) => PERSONAL_FIELDS[field].consent && (form.personal[field] ?? '').trim() !== '',
  );
  const faults: LogFault[] = checkPurposes(form, kept);
  if (form.consent?.purposes.length === 0) faults.push({ field: 'consent', kind: 'missing' });
  if (kept.length > 0 && !at.mustPass) faults.push({ field: 'consent', kind: 'module_needed' });
  return faults;
}

/** The phone number has a purpose of its own; all else that tells who somebody is goes with the name. */
function checkPurposes({ consent }: LogForm, kept: readonly PersonalField[]): LogFault[] {
  if (kept.length === 0) return [];
  if (consent === null) return [{ field: 'consent', kind: 'consent_needed' }];
  return kept
    .filter((field) => !consent.purposes.includes(field === 'residentPhone' ? 'keep_phone' : 'keep_name'))
    .map((field) => ({ field: `personal.${field}`, kind: 'consent_needed' }));
}
