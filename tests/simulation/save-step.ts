import type { Result } from '$lib/kernel/result.ts';
import type { CommandFault, Saved } from '$lib/phone/commands/open-phone.ts';
import { editAssist, settleClash, sightFiling } from '$lib/phone/commands/edit-records.ts';
import { logAssist } from '$lib/phone/commands/log-assist.ts';
import { discardRefused, mendRefused } from '$lib/phone/commands/mend-refused.ts';
import { voidAssist } from '$lib/phone/commands/void-assist.ts';
import { mutationOf } from '$lib/phone/view/entry-mutation.ts';
import { outboxList } from '$lib/phone/view/outbox-view.ts';
import { assistWithFilings, recordsPage } from '$lib/phone/view/records.ts';
import type { ShownRow } from '$lib/phone/view/shown-row.ts';
import type { LogForm } from '$lib/domain/assist/log-form.ts';
import { dayOf } from '$lib/kernel/calendar/day.ts';
import { openClashes } from '$lib/domain/record/row.ts';
import { peek } from './peek.ts';
import { settleStorage } from './process.ts';
import type { SimPhone } from './sim-phone.ts';
import { fault, type Sim, WRONG_TEAM } from './sim-world.ts';
import type { Tab } from './tab.ts';
import type { Step } from './step.ts';

function formOf(phone: SimPhone, step: Step): LogForm {
  const now = phone.clock.now();
  const filed = step.pick % 3 === 0;
  return {
    team: (step.pick % 7 === 0 ? WRONG_TEAM : phone.identity.team) as never,
    performedBy: [phone.person],
    occurredAt: now,
    channel: 'door',
    subject: 'khai-sinh',
    outcome: filed ? 'submitted_no_code' : 'guided_only',
    accountStep: null,
    reason: null,
    typedBy: 'resident',
    minutes: step.value % 500,
    satisfaction: null,
    neighbourhood: null,
    personal: step.pick % 11 === 1 ? { note: `Ghi ${step.value}.` } : {},
    filings: filed
      ? [
          {
            procedure: 'khai-sinh',
            code: '',
            submittedDay: dayOf(now),
            officialDay: null,
            estimate: null,
            packVersion: null,
            status: 'submitted',
            source: 'helper_saw',
            note: '',
          },
        ]
      : [],
    consent: null,
  };
}

async function recordFor({ db }: Tab, step: Step): Promise<ShownRow | undefined> {
  const { records } = await recordsPage(db, { voided: true }, null, 100);
  const sorted = [...records].sort((a, b) => (a.id < b.id ? -1 : 1));
  return sorted[step.pick % Math.max(1, sorted.length)];
}

type Did = Promise<Result<Saved, CommandFault> | 'nothing'>;

async function command(phone: SimPhone, step: Step, page: Tab): Did {
  const open = phone.open(page);
  if (step.do === 'log') return logAssist(open, formOf(phone, step));
  if (step.do === 'mend' || step.do === 'discard') {
    const wrong = (await outboxList(page.db)).filter((line) => line.state === 'needs_you');
    const one = wrong[step.pick % Math.max(1, wrong.length)];
    if (one === undefined) return 'nothing';
    return step.do === 'discard' ? discardRefused(open, one.mutation) : mendWrong(phone, one.mutation, page);
  }
  const shown = await recordFor(page, step);
  if (shown === undefined) return 'nothing';
  switch (step.do) {
    case 'edit':
      return editAssist(open, shown, {
        set:
          step.value % 2 === 0
            ? { minutes: step.value % 500 }
            : { minutes: step.value % 500, subject: `thu-tuc-${step.value}` },
      });
    case 'void':
      return voidAssist(open, shown, 'other');
    case 'sight': {
      const filing = (await assistWithFilings(page.db, shown.id))?.filings[0];
      if (filing === undefined) return 'nothing';
      const status = step.value % 2 === 0 ? 'processing' : 'result_ready';
      return sightFiling(open, filing, { status, day: dayOf(phone.clock.now()), source: 'helper_saw' });
    }
    case 'settle': {
      const records = (await recordsPage(page.db, { voided: true }, null, 100)).records;
      const clashing = records.filter((record) => record.clashes > 0).sort((a, b) => (a.id < b.id ? -1 : 1));
      const record = clashing[step.pick % Math.max(1, clashing.length)];
      const clash = record && openClashes(record.row)[0];
      if (!record || !clash) return 'nothing';
      return settleClash(open, record, {
        field: clash.field,
        late: clash.late,
        take: step.value % 2 === 0 ? 'late' : 'standing',
      });
    }
    default:
      return 'nothing';
  }
}

/** The wrong team put right, wherever the refused save had made a record in it. */
async function mendWrong(phone: SimPhone, id: string, page: Tab): Did {
  const entry = await page.db.strict.outbox.get(id);
  if (entry === undefined) return 'nothing';
  const changes = mutationOf(entry).changes.filter((change) => change.set?.['team'] !== undefined);
  const corrections = Object.fromEntries(
    changes.map((change) => [change.id, { set: { team: phone.identity.team } }]),
  );
  return mendRefused(phone.open(page), id as never, corrections);
}

/** Which page somebody saves in, when it is not the only one. */
export interface Page {
  readonly tab: Tab | null;
}

/** A command as a person gives it; the process may die in it. */
export async function save(sim: Sim, phone: SimPhone, step: Step, beside?: Page): Promise<void> {
  const page: Tab = beside?.tab ?? { process: phone.process, db: phone.db };
  page.process.killIn(step.kill);
  const work = command(phone, step, page);
  work.catch(() => undefined);
  const result = await Promise.race([work, page.process.died]);
  page.process.killIn(0);
  if (result === 'killed') {
    await settleStorage();
    if (beside?.tab == null) await phone.restart();
    sim.trace.push(`    ${phone.name} was killed`);
  } else if (result !== 'nothing') tellSave(sim, phone, step, result);
  const said = result !== 'killed' && result !== 'nothing' && result.ok ? result.value.mutation : null;
  const fresh = await noteSaves(sim, phone, said);
  if (said !== null && fresh.includes(said) && isPoisoned(step)) {
    sim.poisoned.add(said);
    sim.trace.push('    which the database will not take');
  }
}

/** I1: a save that does not commit says why, and here nothing is wrong with the phone's storage. */
function tellSave(sim: Sim, phone: SimPhone, step: Step, result: Result<Saved, CommandFault>): void {
  const came = result.ok ? `saved ${result.value.mutation}` : JSON.stringify(result.error);
  sim.trace.push(`    ${phone.name} ${step.do}: ${came}`);
  if (!result.ok && (result.error.kind === 'storage_failed' || result.error.kind === 'connection_lost'))
    fault(sim, 'I1', `${phone.name}: a save failed on sound storage: ${came}`);
}

/** Now and then something is saved that the ward's database cannot write. */
function isPoisoned({ do: kind, value }: Step): boolean {
  return (kind === 'log' || kind === 'edit') && value % 31 === 7;
}

/** What the outbox holds now and did not before is a save; one that was said to be saved must be among it. */
async function noteSaves(sim: Sim, phone: SimPhone, said: string | null): Promise<string[]> {
  const fresh: string[] = [];
  for (const entry of (await peek(phone)).entries) {
    if (sim.saves.has(entry.id) || entry.came !== 'saved') continue;
    fresh.push(entry.id);
    sim.saves.set(entry.id, {
      id: entry.id,
      mutation: mutationOf(entry),
      savedOn: phone.name,
      holders: new Set([phone]),
    });
  }
  // An edit that changes nothing names the save it stands on.
  if (said !== null && !sim.saves.has(said))
    sim.faults.push({ checker: 'I1', what: `${phone.name} said ${said} was saved` });
  return fresh;
}
