import type { LogForm } from '../../src/lib/domain/assist/log-form.ts';
import type { TeamId } from '../../src/lib/domain/record/ids.ts';
import type { SeededRandom } from '../../src/lib/kernel/seeded-random.ts';
import { editAssist } from '../../src/lib/phone/commands/edit-records.ts';
import { logAssist } from '../../src/lib/phone/commands/log-assist.ts';
import { assistWithFilings } from '../../src/lib/phone/view/records.ts';
import { type HttpPhone, httpPhone } from '../support/phone/http-phone.ts';
import { testForm } from '../support/phone/test-phone.ts';
import { openWardDatabase, postmasterPid } from '../support/ward-database.ts';
import { startWardServer, type WardServer } from '../support/ward-server.ts';
import { deliveryFaults, type Delivered } from './delivery-faults.ts';

export interface ServerKillOptions {
  readonly phones: number;
  readonly mutations: number;
  readonly kills: number;
  readonly random: SeededRandom;
  readonly say: (line: string) => void;
}

export interface ServerKillResult {
  readonly kills: Readonly<Record<Victim, number>>;
  readonly mutations: number;
  /** Runs of a courier that ended without an answer: the kills met traffic. */
  readonly broken: number;
  readonly faults: readonly string[];
}

type Victim = 'server' | 'database' | 'both';
/** Node raises its database a few times in a row only: after so many the server's turn comes. */
const DATABASE_IN_A_ROW = 3;

/** What one phone has saved, and been told has arrived. */
interface Sender extends Delivered {
  readonly phone: HttpPhone;
}

const until = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

function formOf(phone: HttpPhone, turn: number): LogForm {
  return testForm({
    team: phone.team as TeamId,
    performedBy: [phone.person],
    occurredAt: Date.now() - 60_000,
    personal: turn % 3 === 0 ? { note: `lượt ${turn}` } : {},
  });
}

async function saveOne(sender: Sender, turn: number): Promise<void> {
  const { phone, db } = sender.phone;
  const standing = turn % 10 === 9 ? await assistWithFilings(db, sender.assists.at(-1)!) : undefined;
  const saved = standing
    ? await editAssist(phone, standing.assist, { set: { minutes: 1 + (turn % 60) } })
    : await logAssist(phone, formOf(sender.phone, turn));
  if (!saved.ok) throw new Error(`a phone could not save: ${JSON.stringify(saved.error)}`);
  sender.saved.add(saved.value.mutation);
  const [assist] = saved.value.rows;
  if (standing === undefined && assist !== undefined) sender.assists.push(assist);
}

async function noteAcknowledged(sender: Sender): Promise<void> {
  const arrived = await sender.phone.db.relaxed.outbox.where('phase').notEqual('unsent').toArray();
  for (const { id, phase, outcome } of arrived) {
    sender.acknowledged.add(id);
    if (phase !== 'arrived') sender.refused.push(`${id} ${JSON.stringify(outcome)}`);
  }
}

/**
 * I2 under kill -9: phones save and deliver without pause to a real server on its own PostgreSQL, and server, database or
 * both are killed at random moments of a delivery. At the end each mutation that was told as arrived is there once.
 */
export async function runServerKill(options: ServerKillOptions): Promise<ServerKillResult> {
  const ward = await startWardServer();
  try {
    return await drill(ward, options);
  } finally {
    await ward.remove();
  }
}

async function drill(ward: WardServer, options: ServerKillOptions): Promise<ServerKillResult> {
  const { phones, mutations, kills, random, say } = options;
  const killed: Record<Victim, number> = { server: 0, database: 0, both: 0 };
  let asked = (): void => undefined;
  const senders: Sender[] = [];
  for (let at = 0; at < phones; at++) {
    const role = at % 2 === 0 ? 'helper' : 'team_lead';
    const phone = await httpPhone(ward.origin, role, () => asked());
    senders.push({ phone, saved: new Set(), acknowledged: new Set(), assists: [], refused: [] });
  }
  let saved = 0;
  let broken = 0;
  const life = { over: false };
  const done = (): number => killed.server + killed.database + killed.both;
  const send = async (sender: Sender): Promise<void> => {
    const unsent = () => sender.phone.db.relaxed.outbox.where('phase').equals('unsent').count();
    while (!life.over) {
      // As many as bring the drill to its end with its last kill; then nothing new, but all that waits.
      const allowed = Math.ceil((mutations * (done() + 1)) / kills);
      for (let turn = 0; turn < 25 && saved < Math.min(mutations, allowed); turn++)
        await saveOne(sender, saved++);
      if (saved >= mutations && done() >= kills && (await unsent()) === 0) break;
      const end = await sender.phone.round('locked');
      await noteAcknowledged(sender);
      if (end.is === 'failed') broken += 1;
      if (end.is !== 'done' || (await unsent()) === 0) await until(30);
    }
  };
  const inMidSync = async (): Promise<void> => {
    await new Promise<void>((resolve) => (asked = resolve));
    asked = () => undefined;
    await until(random.below(60));
  };
  const kill = async (): Promise<void> => {
    let inARow = 0;
    while (done() < kills) {
      await inMidSync();
      const victim: Victim =
        inARow < DATABASE_IN_A_ROW ? random.pick(['server', 'database', 'both'] as const) : 'server';
      inARow = victim === 'database' ? inARow + 1 : 0;
      if (victim !== 'server') process.kill(postmasterPid(ward.dataDir), 'SIGKILL');
      if (victim !== 'database') await ward.kill();
      killed[victim] += 1;
      if (victim === 'database') await raised(ward);
      else await ward.start();
      if (done() % 10 === 0) say(`${done()} kills, ${saved} mutations saved, ${broken} broken runs`);
    }
  };
  await Promise.all([kill(), ...senders.map(send)]).finally(() => (life.over = true));
  const database = openWardDatabase(ward.dataDir);
  try {
    return { kills: killed, mutations: saved, broken, faults: await deliveryFaults(database, senders) };
  } finally {
    await database.close();
  }
}

/** Node has raised its database again: somebody is answered. */
async function raised(ward: WardServer): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline) {
    const answer = await fetch(`${ward.origin}/api/entry`).catch(() => null);
    if (answer?.ok === true) return;
    await until(50);
  }
  throw new Error(`the database did not come back:\n${ward.said()}`);
}
