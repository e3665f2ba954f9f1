import { readMeta } from '$lib/phone/store/meta.ts';
import { arrive } from './network.ts';
import { type Calls, release, sync } from './run-courier.ts';
import { peek } from './peek.ts';
import { newBrowser, SimPhone } from './sim-phone.ts';
import type { Sim } from './sim-world.ts';
import type { Step } from './step.ts';
import { save } from './save-step.ts';
import { twoTabs } from './two-tabs.ts';

const DAY = 86_400_000;
const SKEWS = [0, 3650 * DAY, -3650 * DAY, 40 * DAY, -40 * DAY, 3_600_000];

export function livePhones(sim: Sim): SimPhone[] {
  return sim.phones.filter((phone) => !phone.gone);
}

function phoneOf(sim: Sim, step: Step): SimPhone | undefined {
  const live = livePhones(sim);
  return live[step.who % Math.max(1, live.length)];
}

/** An invitation redeemed on a phone the ward does not know (any more). */
export async function enrolAnew(sim: Sim, phone: SimPhone): Promise<void> {
  const identity = await sim.server.enrolAgain(phone.identity);
  sim.tokens.set(identity.token, identity.person);
  await phone.enrol(sim.server, identity, 0);
  sim.trace.push(`    ${phone.name} enrolled anew`);
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
  // What the phone had let go of by the rule is not in the copy either; what it pulled from the quarantine is no phone's to send.
  const { entries } = await peek(phone);
  const here = new Set<string>(entries.filter(({ came }) => came === 'saved').map(({ id }) => id));
  for (const record of sim.saves.values()) if (here.has(record.id)) record.holders.add(copy);
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
  const [present] = await sim.server.world.store.epochs();
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

/** How a run finds the world: locked now and then, without a session, or with that of whoever else is in front. */
function callsOf(sim: Sim, phone: SimPhone, { fates, kill, value }: Step): Calls {
  const mood = value % 10;
  const others = sim.people.filter(({ identity }) => identity.person !== phone.person);
  const other = others[value % others.length]?.identity.person ?? null;
  return {
    fates,
    kill,
    session: mood === 1 ? null : mood === 2 ? other : phone.person,
    locked: mood < 2,
    steal: phone.hanging !== null,
  };
}

async function onTheLine(sim: Sim, phone: SimPhone, step: Step): Promise<readonly SimPhone[]> {
  sim.process.killIn(step.serverKill);
  if (step.do === 'oldSync') await sim.oldApp.deliver(sim, step.fates);
  else {
    if (phone.needsEnrolment && step.value % 2 === 0) await enrolAnew(sim, phone);
    const calls = callsOf(sim, phone, step);
    if (step.do === 'sync') await sync(sim, phone, calls);
    else await twoTabs(sim, phone, step, { ...calls, steal: false });
  }
  sim.process.killIn(0);
  return step.do === 'oldSync' ? [] : [phone];
}

async function oldSave(sim: Sim): Promise<void> {
  const { envelope, mutation } = await sim.oldApp.save();
  sim.saves.set(envelope.id, { id: envelope.id, mutation, savedOn: 'the old app', holders: new Set() });
}

/** Does one step, and tells which phones it touched. */
export async function takeStep(sim: Sim, step: Step): Promise<readonly SimPhone[]> {
  const phone = phoneOf(sim, step);
  if (phone === undefined) return [];
  if (SAVES.includes(step.do)) {
    await save(sim, phone, step);
    return [phone];
  }
  switch (step.do) {
    case 'release':
      for (const each of livePhones(sim)) await release(sim, each);
      return livePhones(sim);
    case 'sync':
    case 'tabs':
    case 'oldSync':
      return onTheLine(sim, phone, step);
    case 'copy':
      return [await copyPhone(sim, phone, step.value)];
    case 'empty':
      return [await emptyPhone(sim, phone, step.value)];
    default:
      await behindTheScenes(sim, phone, step);
      return [];
  }
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
    case 'oldSave':
      return oldSave(sim);
    default:
  }
}
