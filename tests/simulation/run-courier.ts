import type { RunEnd } from '$lib/phone/courier/courier-world.ts';
import { deliver } from '$lib/phone/courier/deliver.ts';
import { closeForGood } from '$lib/phone/store/close-for-good.ts';
import { writeMeta } from '$lib/phone/store/meta.ts';
import { dropRevoked } from './drop-revoked.ts';
import { networkOf } from './network.ts';
import { settleStorage } from './process.ts';
import type { SimPhone } from './sim-phone.ts';
import { accountOf, type Sim } from './sim-world.ts';
import type { Fate } from './step.ts';
import type { Tab } from './tab.ts';

export interface Calls {
  readonly fates: readonly Fate[];
  /** Whose session is in front. */
  readonly session: string | null;
  readonly locked: boolean;
  readonly steal: boolean;
  readonly kill: number;
  /** What each request waits for on its way up. */
  readonly beforeArrival?: () => Promise<unknown> | null;
  /** What each answer waits for, besides the network. */
  readonly beforeAnswer?: () => Promise<unknown> | null;
}

interface Late {
  readonly hanging: Promise<'hangs'>;
  readonly hang: (arriving: () => void) => void;
  /** Lets the answer that hangs arrive; null: none does. */
  readonly arrive: () => (() => void) | null;
}

function lateAnswer(): Late {
  let hung: () => void = () => undefined;
  const hanging = new Promise<'hangs'>((resolve) => (hung = () => resolve('hangs')));
  let arriving: (() => void) | null = null;
  return {
    hanging,
    hang: (given) => {
      arriving = given;
      hung();
    },
    arrive: () => arriving,
  };
}

/** The production courier in one tab, in this phone's world. */
function courierIn(sim: Sim, phone: SimPhone, tab: Tab, calls: Calls, late: Late): Promise<RunEnd> {
  const { fates, session, beforeArrival = () => null, beforeAnswer = () => null } = calls;
  const fetch = networkOf(sim, phone, {
    fates,
    session,
    process: tab.process,
    beforeArrival,
    beforeAnswer,
    hang: late.hang,
  });
  const world = {
    fetch,
    clock: phone.clock,
    random: phone.random,
    timer: {
      wait: (_ms: number, signal?: AbortSignal) =>
        new Promise<void>((resolve) => {
          if (signal?.aborted) resolve();
          signal?.addEventListener('abort', () => resolve(), { once: true });
        }),
    },
    lock: phone.browser.locks.of(tab.process),
    gzip: null,
    pullKey: () => (calls.locked ? null : phone.key.id),
    tell: () => undefined,
    app: 'sim',
  };
  return deliver({ db: tab.db, world }, calls.steal ? 'steal' : 'if_free');
}

/** One run of the courier, to its end, its death, or the answer that hangs. */
export async function sync(sim: Sim, phone: SimPhone, calls: Calls): Promise<RunEnd | 'killed' | 'hangs'> {
  const { process, db } = phone;
  const late = lateAnswer();
  if (calls.session === phone.person) await refreshAccount(sim, phone);
  process.killIn(calls.kill);
  const run = courierIn(sim, phone, { process, db }, calls, late);
  run.catch(() => undefined);
  const end = await Promise.race([run, process.died, late.hanging]);
  process.killIn(0);
  if (end === 'killed') {
    await settleStorage();
    await phone.restart();
  } else if (end === 'hangs') {
    // Another tab of the same phone goes on beside the one that waits.
    const arrive = late.arrive();
    if (phone.hanging === null && arrive !== null) phone.hanging = { run, process, db, arrive };
    else {
      arrive?.();
      await run;
    }
  } else await ended(sim, phone, end);
  sim.trace.push(`    ${phone.name} sync: ${typeof end === 'string' ? end : JSON.stringify(end)}`);
  await sim.defect?.afterSync?.(phone, sim);
  return end;
}

/** One run in a tab beside the phone's own. Only the tab dies when it is killed. */
export async function syncBeside(sim: Sim, phone: SimPhone, tab: Tab, calls: Calls): Promise<void> {
  const late = lateAnswer();
  tab.process.killIn(calls.kill);
  const run = courierIn(sim, phone, tab, calls, late);
  run.catch(() => undefined);
  void late.hanging.then(() => late.arrive()?.());
  const end = await Promise.race([run, tab.process.died]);
  sim.trace.push(`    ${phone.name} sync beside: ${typeof end === 'string' ? end : JSON.stringify(end)}`);
  if (end !== 'killed') await ended(sim, phone, end);
}

async function ended(sim: Sim, phone: SimPhone, end: RunEnd): Promise<void> {
  if (end.is !== 'stopped') return;
  if (end.why === 'unknown_token') phone.needsEnrolment = true;
  // As the session does: what was saved while the answer was taken goes first, by the next round.
  if (end.why === 'revoked' && (await closeForGood(phone.db.strict))) await dropRevoked(sim, phone);
}

/** A session brings the account as it stands at the ward now. */
async function refreshAccount(sim: Sim, phone: SimPhone): Promise<void> {
  const person = sim.people.find(({ identity }) => identity.person === phone.person);
  if (person === undefined || person.identity.grant === phone.account.grant) return;
  phone.account = accountOf(person);
  phone.identity = { ...phone.identity, team: person.identity.team, grant: person.identity.grant };
  await writeMeta(phone.db.strict, 'account', phone.account);
}

export async function release(sim: Sim, phone: SimPhone): Promise<void> {
  const { hanging } = phone;
  if (hanging === null) return;
  phone.hanging = null;
  hanging.arrive();
  const end = await hanging.run;
  await ended(sim, phone, end);
  sim.trace.push(`    ${phone.name} late answer: ${JSON.stringify(end)}`);
}
