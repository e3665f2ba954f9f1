import { closeAccountDb } from '$lib/phone/store/open-account-db.ts';
import { openUnder, settleStorage, SimProcess } from './process.ts';
import { type Calls, syncBeside } from './run-courier.ts';
import { save } from './save-step.ts';
import type { SimPhone } from './sim-phone.ts';
import type { Sim } from './sim-world.ts';
import type { Step } from './step.ts';
import type { Tab } from './tab.ts';

/** What the two pages do at the same moment. */
const MEETINGS = ['save and ask', 'save and take the answer', 'save and save'] as const;

/**
 * A second page of the same account beside the first. Either may die in what they do; the other goes on. What must not
 * depend on how long the server takes is kept from it: answers wait for a save that has begun.
 */
export async function twoTabs(sim: Sim, phone: SimPhone, step: Step, calls: Calls): Promise<void> {
  const process = new SimProcess();
  const tab: Tab = { process, db: await openUnder(process, phone.person, phone.browser.idb) };
  const pageDies = step.pick % 4 === 0;
  const meeting = MEETINGS[step.value % MEETINGS.length] ?? 'save and ask';
  sim.trace.push(`    ${phone.name}, two pages: ${meeting}`);
  const kind = step.pick % 3 === 0 || meeting === 'save and save' ? 'log' : 'edit';
  const first = { ...step, do: kind, kill: pageDies ? step.kill % 14 : 0 } as const;
  const other = { ...step, kill: pageDies ? 0 : step.kill };
  if (meeting === 'save and save') {
    // Two of a kind keep step with each other, transaction by transaction.
    const second = { ...first, value: step.value + 2, kill: other.kill % 14 };
    await Promise.all([save(sim, phone, first, { tab: null }), save(sim, phone, second, { tab })]);
  } else await saveAndSync(sim, phone, { first, tab, calls: { ...calls, kill: other.kill }, meeting });
  if (process.dead) await settleStorage();
  process.kill();
  closeAccountDb(tab.db);
}

interface Meeting {
  readonly first: Step;
  readonly tab: Tab;
  readonly calls: Calls;
  readonly meeting: (typeof MEETINGS)[number];
}

async function saveAndSync(sim: Sim, phone: SimPhone, given: Meeting): Promise<void> {
  const { first, tab, calls, meeting } = given;
  let saving: Promise<void> | null = null;
  const begin = (): Promise<void> => (saving ??= save(sim, phone, first, { tab: null }));
  // What is saved is noted, and spoilt if the history says so, before the ward can write it: bad data was always bad.
  const beforeArrival = (): Promise<void> | null => saving;
  let answers = 0;
  const beforeAnswer = (): Promise<void> | null => {
    answers += 1;
    const saved = begin();
    return meeting === 'save and take the answer' && answers === 1 ? null : saved;
  };
  if (meeting === 'save and ask') void begin();
  await syncBeside(sim, phone, tab, { ...calls, beforeArrival, beforeAnswer });
  await begin();
}
