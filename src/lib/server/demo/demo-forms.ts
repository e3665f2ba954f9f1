import type { AssistValues } from '$lib/domain/assist/assist.ts';
import type { FilingForm, LogForm } from '$lib/domain/assist/log-form.ts';
import type { FilingStatus } from '$lib/domain/filing/filing.ts';
import type { PersonalValues } from '$lib/domain/people/personal-fields.ts';
import type { PersonId, RowId, TeamId } from '$lib/domain/record/ids.ts';
import { addDays, dayOf, type Day, startOfDay } from '$lib/kernel/calendar/day.ts';
import type { Instant } from '$lib/kernel/clock.ts';
import type { SeededRandom } from '$lib/kernel/seeded-random.ts';
import type { DemoData } from './demo-data.ts';

/** Somebody of the demo ward who logs assists. */
export interface DemoAuthor {
  readonly person: PersonId;
  readonly team: TeamId;
  readonly desk: boolean;
}

export interface DemoPlan {
  readonly authors: readonly DemoAuthor[];
  readonly neighbourhoods: readonly RowId[];
  /** Ids of procedures in the pack, the ward's most used first; account help apart. */
  readonly procedures: readonly string[];
  readonly accounts: readonly string[];
  readonly words: Pick<DemoData, 'residents' | 'notes'>;
  readonly weeks: number;
  readonly assistsPerWeek: number;
  /** The generator's present: nothing happens after it. */
  readonly now: Instant;
}

/** One assist of the demo, and how its filing went on. */
export interface DemoAssist {
  readonly author: DemoAuthor;
  readonly form: LogForm;
  /** Later sightings of its filing. */
  readonly sightings: readonly { readonly status: FilingStatus; readonly day: Day }[];
}

const MINUTE = 60_000;

/** Weeks of plausible work, the same from the same seed: evenings and mornings, few on Sundays, most with no name kept. */
export function demoAssists(plan: DemoPlan, random: SeededRandom): readonly DemoAssist[] {
  const today = dayOf(plan.now);
  const days = plan.weeks * 7;
  const assists: DemoAssist[] = [];
  for (let back = days - 1; back >= 0; back--) {
    const day = addDays(today, -back);
    const sunday = back % 7 === 3;
    const perDay = (plan.assistsPerWeek / 6) * (sunday ? 0.3 : 1) * (0.7 + random.next() * 0.6);
    for (let i = 0; i < Math.round(perDay); i++) {
      const at = startOfDay(day) + (random.chance(0.4) ? 18 : 8) * 60 * MINUTE + random.below(150) * MINUTE;
      if (at < plan.now) assists.push(oneAssist(plan, random, at));
    }
  }
  return assists;
}

function oneAssist(plan: DemoPlan, random: SeededRandom, at: Instant): DemoAssist {
  const author = random.pick(plan.authors);
  const account = random.chance(0.3);
  const outcome = account ? accountOutcome(random) : filingOutcome(random);
  const subject = account
    ? random.pick(plan.accounts)
    : random.pick(plan.procedures.slice(0, 4 + random.below(12)));
  const filed = outcome === 'submitted' || outcome === 'submitted_no_code';
  const kept = random.chance(0.25);
  const personal: PersonalValues = {
    ...(kept ? { residentName: residentName(plan, random), residentPhone: phoneNumber(random) } : {}),
    ...(random.chance(0.15) ? { note: random.pick(plan.words.notes) } : {}),
  };
  const form: LogForm = {
    team: author.team,
    performedBy: [author.person],
    occurredAt: at,
    channel: author.desk ? 'desk' : random.weigh(CHANNEL_WEIGHTS),
    subject,
    outcome,
    accountStep: outcome === 'account_step' ? random.weigh(STEP_WEIGHTS) : null,
    reason: reasonFor(outcome, random),
    typedBy: random.weigh([
      ['resident', 6],
      ['relative', 2],
      ['helper', 3],
    ]),
    minutes: 4 + random.below(28),
    satisfaction: random.chance(0.55) ? random.weigh(SATISFACTION_WEIGHTS) : null,
    neighbourhood: random.pick(plan.neighbourhoods),
    personal,
    filings: filed ? [filingForm(subject, at, outcome === 'submitted', random)] : [],
    consent: kept
      ? { wording: '2026-11', purposes: ['keep_name', 'keep_phone', 'follow_up'], how: 'spoken' }
      : null,
  };
  return { author, form, sightings: filed ? laterSightings(dayOf(at), dayOf(plan.now), random) : [] };
}

const CHANNEL_WEIGHTS: readonly (readonly [AssistValues['channel'], number])[] = [
  ['door', 5],
  ['hall', 2],
  ['booth', 2],
  ['phone', 1],
];
const STEP_WEIGHTS: readonly (readonly [NonNullable<AssistValues['accountStep']>, number])[] = [
  ['guided', 3],
  ['level2_requested', 2],
  ['level2_granted', 1],
  ['activated', 4],
  ['first_portal_login', 3],
];
const SATISFACTION_WEIGHTS: readonly (readonly [1 | 2 | 3 | 4, number])[] = [
  [1, 1],
  [2, 3],
  [3, 10],
  [4, 12],
];

function accountOutcome(random: SeededRandom): AssistValues['outcome'] {
  return random.weigh([
    ['account_step', 8],
    ['guided_only', 2],
    ['appointment', 1],
  ]);
}

function filingOutcome(random: SeededRandom): AssistValues['outcome'] {
  return random.weigh([
    ['submitted', 11],
    ['submitted_no_code', 2],
    ['draft_left', 1],
    ['guided_only', 2],
    ['appointment', 2],
    ['not_possible', 1],
    ['declined', 1],
  ]);
}

function reasonFor(outcome: AssistValues['outcome'], random: SeededRandom): AssistValues['reason'] {
  if (outcome === 'not_possible')
    return random.pick(['papers_missing', 'portal_down', 'no_account'] as const);
  return outcome === 'declined' ? random.pick(['prefers_desk', 'afraid_of_fraud', 'no_time'] as const) : null;
}

function residentName(plan: DemoPlan, random: SeededRandom): string {
  const { family, middle, given } = plan.words.residents;
  return `${random.pick(family)} ${random.pick(middle)} ${random.pick(given)}`;
}

/** 0900 000 xxx: a block that reads as invented. */
function phoneNumber(random: SeededRandom): string {
  return `0900000${String(random.below(1000)).padStart(3, '0')}`;
}

function filingForm(procedure: string, at: Instant, withCode: boolean, random: SeededRandom): FilingForm {
  const day = dayOf(at);
  const serial = String(1 + random.below(9998)).padStart(4, '0');
  return {
    procedure,
    // H00 names no province.
    code: withCode ? `H00-${day.slice(2).replaceAll('-', '')}-${serial}` : '',
    submittedDay: day,
    officialDay: withCode && random.chance(0.6) ? addDays(day, 3 + random.below(12)) : null,
    estimate: null,
    packVersion: null,
    status: 'submitted',
    source: 'helper_saw',
    note: '',
  };
}

/** Most filings are seen again after some days; some are never looked at, so that "chưa rõ" has something to show. */
function laterSightings(from: Day, today: Day, random: SeededRandom): DemoAssist['sightings'] {
  const course: FilingStatus[] = random.weigh([
    [['received', 'processing', 'result_ready', 'result_received'], 8],
    [['received', 'supplement_needed', 'processing'], 2],
    [['received', 'refused'], 1],
    [[], 3],
  ]);
  const seen: { status: FilingStatus; day: Day }[] = [];
  let day = from;
  for (const status of course) {
    day = addDays(day, 1 + random.below(4));
    if (day > today) break;
    seen.push({ status, day });
  }
  return seen;
}
