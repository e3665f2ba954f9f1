import type { RunEnd } from '$lib/phone/courier/courier-world.ts';
import { deliver } from '$lib/phone/courier/deliver.ts';
import { readMeta, writeMeta } from '$lib/phone/store/meta.ts';
import { networkOf, arrive } from './network.ts';
import { dropRevoked } from './drop-revoked.ts';
import { settleStorage } from './process.ts';
import { newBrowser, SimPhone } from './sim-phone.ts';
import { accountOf, type Sim } from './sim-world.ts';
import type { Fate, Step } from './step.ts';
import { save } from './save-step.ts';

const DAY = 86_400_000;
const SKEWS = [0, 3650 * DAY, -3650 * DAY, 40 * DAY, -40 * DAY, 3_600_000];

export function livePhones(sim: Sim): SimPhone[] {
  return sim.phones.filter((phone) => !phone.gone);
}

function phoneOf(sim: Sim, step: Step): SimPhone | undefined {
  const live = livePhones(sim);
  return live[step.who % Math.max(1, live.length)];
}

export interface Calls {
  readonly fates: readonly Fate[];
  readonly session: boolean;
  readonly locked: boolean;
  readonly steal: boolean;
  readonly kill: number;
}

/** One run of the courier, to its end, its death, or the answer that hangs. */
export async function sync(sim: Sim, phone: SimPhone, calls: Calls): Promise<RunEnd | 'killed' | 'hangs'> {
  let hung: () => void = () => undefined;
  const hanging = new Promise<'hangs'>((resolve) => (hung = () => resolve('hangs')));
  let arriveLate: (() => void) | null = null;
  const { process, db } = phone;
  if (calls.session) await refreshAccount(sim, phone);
  process.killIn(calls.kill);
  const fetch = networkOf(sim, phone, {
    fates: calls.fates,
    session: calls.session,
    hang: (arriving) => {
      arriveLate = arriving;
      hung();
    },
  });
  const run = deliver(
    {
      db,
      world: {
        fetch,
        clock: phone.clock,
        random: phone.random,
        timer: {
          wait: (_ms, signal) =>
            new Promise((resolve) => {
              if (signal?.aborted) resolve();
              signal?.addEventListener('abort', () => resolve(), { once: true });
            }),
        },
        lock: phone.browser.locks,
        gzip: null,
        pullKey: () => (calls.locked ? null : phone.key.id),
        tell: () => undefined,
        app: 'sim',
      },
    },
    calls.steal ? 'steal' : 'if_free',
  );
  run.catch(() => undefined);
  const end = await Promise.race([run, process.died, hanging]);
  process.killIn(0);
  if (end === 'killed') {
    await settleStorage();
    await phone.restart();
  } else if (end === 'hangs') {
    // Another tab of the same phone goes on beside the one that waits.
    // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- set in a callback, which the types do not see
    if (phone.hanging === null && arriveLate !== null)
      phone.hanging = { run, process, db, arrive: arriveLate };
    else (arriveLate as (() => void) | null)?.();
    if (phone.hanging?.run !== run) await run;
  } else await ended(sim, phone, end);
  sim.trace.push(`    ${phone.name} sync: ${typeof end === 'string' ? end : JSON.stringify(end)}`);
  await sim.defect?.afterSync?.(phone, sim);
  return end;
}

async function ended(sim: Sim, phone: SimPhone, end: RunEnd): Promise<void> {
  if (end.is !== 'stopped') return;
  if (end.why === 'unknown_token') phone.needsEnrolment = true;
  if (end.why === 'revoked') await dropRevoked(sim, phone);
}

/** A session brings the account as it stands at the ward now. */
async function refreshAccount(sim: Sim, phone: SimPhone): Promise<void> {
  const person = sim.people.find(({ identity }) => identity.person === phone.person);
  if (person === undefined || person.identity.grant === phone.account.grant) return;
  phone.account = accountOf(person);
  phone.identity = { ...phone.identity, team: person.identity.team, grant: person.identity.grant };
  await writeMeta(phone.db.strict, 'account', phone.account);
}

/** An invitation redeemed on a phone the ward does not know (any more). */
export async function enrolAnew(sim: Sim, phone: SimPhone): Promise<void> {
  const identity = await sim.server.enrolAgain(phone.identity);
  sim.tokens.set(identity.token, identity.person);
  await phone.enrol(sim.server, identity, 0);
  sim.trace.push(`    ${phone.name} enrolled anew`);
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

async function copyPhone(sim: Sim, phone: SimPhone, seed: number): Promise<SimPhone> {
  const browser = newBrowser();
  const copy = await SimPhone.boot({
    name: `${phone.name}'`,
    identity: phone.identity,
    account: phone.account,
    browser,
    key: phone.key,
    now: () => sim.server.clock.now(),
    seed,
  });
  for (const table of phone.db.relaxed.tables) {
    const rows: unknown[] = await table.toArray();
    await copy.db.strict.table(table.name).bulkPut(rows);
  }
  sim.phones.push(copy);
  for (const record of sim.saves.values()) if (record.holders.has(phone)) record.holders.add(copy);
  sim.told.set(copy, new Map(sim.told.get(phone)));
  return copy;
}

async function emptyPhone(sim: Sim, phone: SimPhone, seed: number): Promise<SimPhone> {
  const before = phone.identity;
  phone.gone = true;
  phone.process.kill();
  const identity = sim.defect?.emptied?.(before, sim) ?? (await sim.server.enrolAgain(before));
  sim.tokens.set(identity.token, identity.person);
  const fresh = await SimPhone.boot({
    name: `${phone.name}*`,
    identity,
    account: phone.account,
    browser: newBrowser(),
    key: phone.key,
    now: () => sim.server.clock.now(),
    seed,
  });
  await fresh.enrol(sim.server, identity, sim.firstBatch);
  sim.phones.push(fresh);
  return fresh;
}

async function restore(sim: Sim, step: Step): Promise<void> {
  const backup = sim.backups[step.pick % Math.max(1, sim.backups.length)];
  if (backup === undefined) return;
  await backup.restore();
  sim.log = [...backup.log];
  sim.restores += 1;
  if (step.value % 2 !== 0) return;
  const [present] = await sim.world.store.epochs();
  const id = `restored-${sim.restores}-${step.value}`;
  await sim.server.world.store.takeEpoch({
    after: present?.place ?? 0,
    id,
    why: 'restore',
    at: sim.server.clock.now(),
  });
}

async function transfer(sim: Sim, step: Step): Promise<void> {
  const person = sim.people[step.pick % sim.people.length];
  if (person === undefined) return;
  const team = step.value % 2 === 0 ? (sim.people[2]?.identity.team ?? '') : sim.server.make.id();
  person.identity = { ...person.identity, team, grant: sim.server.make.id() };
  await sim.server.grant(person.identity, person.role, 'transfer');
}

/** Somebody sends a receipt that the ward never signed. */
async function forge(sim: Sim, phone: SimPhone): Promise<void> {
  const last = sim.sent.findLast((sent) => sent.phone === phone && sent.body.receipt !== null);
  if (last === undefined) return;
  const [keyId = '', payload = '', mac = ''] = (last.body.receipt ?? '').split('.');
  const claim = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>;
  const altered = Buffer.from(JSON.stringify({ ...claim, mark: 'forged', version: 1 })).toString('base64url');
  await arrive(sim, { ...last, body: { ...last.body, up: [], receipt: `${keyId}.${altered}.${mac}` } });
}

const SAVES: readonly Step['do'][] = ['log', 'edit', 'sight', 'void', 'settle', 'mend', 'discard'];

/** Does one step, and tells which phones it touched. */
export async function takeStep(sim: Sim, step: Step): Promise<readonly SimPhone[]> {
  const phone = phoneOf(sim, step);
  if (phone === undefined) return [];
  if (SAVES.includes(step.do)) {
    await save(sim, phone, step);
    return [phone];
  }
  if (step.do === 'release') {
    for (const each of livePhones(sim)) await release(sim, each);
    return livePhones(sim);
  }
  if (step.do === 'sync') {
    if (phone.needsEnrolment && step.value % 2 === 0) await enrolAnew(sim, phone);
    const { fates, kill } = step;
    const mood = {
      session: step.value % 10 !== 1,
      locked: step.value % 10 < 2,
      steal: phone.hanging !== null,
    };
    await sync(sim, phone, { fates, kill, ...mood });
    return [phone];
  }
  if (step.do === 'copy') return [await copyPhone(sim, phone, step.value)];
  if (step.do === 'empty') return [await emptyPhone(sim, phone, step.value)];
  await behindTheScenes(sim, phone, step);
  return [];
}

/** What happens to clocks, tables and grants: no phone's storage changes by it. */
async function behindTheScenes(sim: Sim, phone: SimPhone, step: Step): Promise<void> {
  switch (step.do) {
    case 'stray': {
      const stray = sim.sent[step.pick % Math.max(1, sim.sent.length)];
      if (stray !== undefined) await arrive(sim, stray);
      return;
    }
    case 'clock':
      phone.skew = SKEWS[step.pick % SKEWS.length] ?? 0;
      return;
    case 'serverClock':
      sim.server.clock.advance([3_600_000, DAY, 31 * DAY, 70 * DAY][step.pick % 4] ?? 0);
      return;
    case 'backup':
      sim.backups.push({ restore: await sim.server.backup(), log: [...sim.log] });
      return;
    case 'restore':
      return restore(sim, step);
    case 'revoke': {
      const replica = await readMeta(phone.db.relaxed, 'replica');
      return sim.server.revoke({ ...phone.identity, replica: replica?.id ?? phone.identity.replica });
    }
    case 'transfer':
      return transfer(sim, step);
    case 'forge':
      return forge(sim, phone);
    default:
  }
}
