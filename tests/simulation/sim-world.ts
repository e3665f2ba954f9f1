import { sha256, toBase64url, utf8 } from '$lib/kernel/bytes.ts';
import type { Mutation } from '$lib/domain/record/mutation.ts';
import type { Role } from '$lib/domain/people/roles.ts';
import type { Account } from '$lib/protocol/enrol.ts';
import type { RoundAnswer, RoundRequest } from '$lib/protocol/round.ts';
import type { RoundWorld } from '$lib/server/sync/round-call.ts';
import { meetEpoch } from '$lib/server/sync/epochs.ts';
import type { SyncStore } from '$lib/server/sync/store.ts';
import type { PhoneIdentity } from '../support/sync-phone.ts';
import { seededRandom } from '../support/sync-mutations.ts';
import { type SyncServer, WARD } from '../support/sync-ward.ts';
import type { Random } from '$lib/kernel/random.ts';
import { OldApp } from './old-app.ts';
import { ServerProcess, storeOf } from './server-process.ts';
import type { Focus } from './step.ts';
import { type Committed, tapped } from './tapped-store.ts';
import { newBrowser, SimPhone } from './sim-phone.ts';

/** A save that a command said was done. */
export interface SaveRecord {
  readonly id: string;
  readonly mutation: Mutation;
  readonly savedOn: string;
  /** Databases that hold it: the one it was made in, and later copies of that. */
  readonly holders: Set<SimPhone>;
}

/** A planted mistake: wraps the production ports from outside. */
export interface Defect {
  readonly name: string;
  /** Steps that bring it to light sooner. */
  readonly focus?: Focus;
  store?(store: SyncStore, sim: Sim): SyncStore;
  world?(world: RoundWorld, sim: Sim): RoundWorld;
  /** What a request goes under, and whose session is in front. */
  token?(own: string, session: string | null, sim: Sim): string;
  request?(body: RoundRequest, phone: SimPhone, sim: Sim): RoundRequest | Promise<RoundRequest>;
  /** What an app that was never updated says. */
  oldRequest?(body: object): object;
  answer?(
    answer: RoundAnswer,
    body: RoundRequest,
    phone: SimPhone,
    sim: Sim,
  ): RoundAnswer | Promise<RoundAnswer>;
  /** Just before an answer that hung arrives. */
  beforeLate?(phone: SimPhone, body: RoundRequest, answer: RoundAnswer): Promise<void>;
  /** The server's process has died, and another one has not begun. */
  died?(sim: Sim): Promise<void>;
  afterSync?(phone: SimPhone, sim: Sim): Promise<void>;
  /** The identity an emptied phone enrols with. */
  emptied?(before: PhoneIdentity, sim: Sim): PhoneIdentity;
  /** Drops keys and database as soon as an answer says `revoked`. */
  readonly dropsAtOnce?: boolean;
}

/** Everything of one history. */
export interface Sim {
  readonly server: SyncServer;
  /** As the server process of the moment sees it. */
  world: RoundWorld;
  process: ServerProcess;
  readonly random: Random;
  readonly phones: SimPhone[];
  readonly people: readonly PersonAtWork[];
  readonly saves: Map<string, SaveRecord>;
  /** Saves whose rows the database does not take. */
  readonly poisoned: Set<string>;
  readonly oldApp: OldApp;
  /** What commits have brought, in their order; goes back with a restore. */
  log: Committed[];
  backups: { readonly restore: () => Promise<void>; readonly log: readonly Committed[] }[];
  /** How often tables were put back; announced epochs among them. */
  restores: number;
  epochsExpected: number;
  /** Requests as they were sent, to arrive once more at any time. */
  readonly sent: {
    readonly phone: SimPhone;
    readonly token: string;
    readonly body: RoundRequest;
    /** Whose session came along. */
    readonly session: string | null;
  }[];
  /** Phone → mutation → server time of the first answer with its outcome, as the ward gave it, that reached it. */
  readonly told: Map<SimPhone, Map<string, number>>;
  /** Person of each delivery token. */
  readonly tokens: Map<string, string>;
  readonly trace: string[];
  readonly faults: Fault[];
  readonly defect: Defect | null;
  /** Rows in one answer, at most. */
  readonly pageLimit: number;
  readonly firstBatch: number;
}

export interface PersonAtWork {
  readonly name: string;
  identity: PhoneIdentity;
  readonly role: Role;
}

/** A broken promise: which checker saw it. */
export interface Fault {
  readonly checker: string;
  readonly what: string;
}

export function fault(sim: Sim, checker: string, what: string): void {
  if (sim.faults.length < 20) sim.faults.push({ checker, what });
}

export function accountOf(person: PersonAtWork): Account {
  const { identity, role, name } = person;
  return {
    person: identity.person as never,
    name,
    ward: WARD,
    wardName: 'Phường Mẫu',
    wardWord: 'phường',
    role,
    // The second team is a mistake of the phone: the server grants only the first.
    teams: [
      { id: identity.team as never, name: 'Tổ 1' },
      { id: WRONG_TEAM as never, name: 'Tổ nhầm' },
    ],
    grant: identity.grant as never,
    mustPass: true,
    demo: false,
  };
}

export const WRONG_TEAM = '01900000-0000-7000-8000-00000000beef';

export interface Founding {
  readonly server: SyncServer;
  readonly seed: number;
  readonly defect?: Defect;
}

/** A ward with a helper on two phones, a second helper who shares a phone with the first, and their team lead. */
export async function foundSim({ server, seed, defect }: Founding): Promise<Sim> {
  await server.foundWard(WARD);
  const team = server.make.id();
  const people: PersonAtWork[] = [];
  for (const [name, role] of [
    ['An', 'helper'],
    ['Bình', 'helper'],
    ['Chi', 'team_lead'],
  ] as const) {
    people.push({ name, role, identity: await server.person(WARD, { role, team }) });
  }
  const sim: Sim = {
    server,
    random: seededRandom(seed + 1),
    defect: defect ?? null,
    world: server.world,
    process: new ServerProcess(),
    phones: [],
    people,
    saves: new Map(),
    poisoned: new Set(),
    oldApp: await foundOldApp(server, people[1]),
    log: [],
    backups: [],
    restores: 0,
    epochsExpected: 1,
    sent: [],
    told: new Map(),
    tokens: new Map(),
    trace: [],
    faults: [],
    pageLimit: [1, 2, 3, 5, 1000][seed % 5] ?? 1000,
    firstBatch: [1, 2, 64][seed % 3] ?? 64,
  };
  const store = tapped(server.world.store, sim);
  planted.set(sim, defect?.store?.(store, sim) ?? store);
  sim.tokens.set(sim.oldApp.identity.token, sim.oldApp.identity.person);
  await startServer(sim);
  await foundPhones(sim, seed);
  return sim;
}

/** The second helper has an older phone too. */
function foundOldApp(server: SyncServer, owner: PersonAtWork | undefined): Promise<OldApp> {
  if (owner === undefined) throw new Error('nobody at work');
  return OldApp.found(server, owner.identity);
}

/** The database as servers find it, with its planted defect if there is one. */
const planted = new WeakMap<Sim, SyncStore>();

/** A server process begins: nothing of the last one is in its memory. */
export async function startServer(sim: Sim): Promise<void> {
  sim.process = new ServerProcess();
  const store = storeOf(sim.process, planted.get(sim) ?? sim.server.world.store);
  const world: RoundWorld = { ...sim.server.world, keys: sim.server.freshKeys(), store };
  sim.world = sim.defect?.world?.(world, sim) ?? world;
  await meetEpoch(sim.world);
}

async function foundPhones(sim: Sim, seed: number): Promise<void> {
  const [an, binh, chi] = sim.people;
  if (!an || !binh || !chi) throw new Error('nobody at work');
  const shared = newBrowser();
  const token = `${WARD}.${toBase64url(sim.server.random.bytes(32))}`;
  const second = { ...an.identity, replica: sim.server.make.id(), device: sim.server.make.id(), token };
  await sim.server.addReplica(second, await tokenHash(second.token));
  const plan = [
    { name: 'An/1', person: an, identity: an.identity, browser: shared },
    { name: 'Bình/1', person: binh, identity: binh.identity, browser: shared },
    { name: 'Chi/2', person: chi, identity: chi.identity, browser: newBrowser() },
    { name: 'An/3', person: an, identity: second, browser: newBrowser() },
  ];
  for (const [at, { name, person, identity, browser }] of plan.entries()) {
    const account = accountOf(person);
    const now = (): number => sim.server.clock.now();
    const phone = await SimPhone.boot({
      name,
      identity,
      account,
      browser,
      now,
      seed: seed * 31 + at * 7 + 3,
    });
    await phone.enrol(sim.server, identity, sim.firstBatch);
    sim.tokens.set(identity.token, identity.person);
    sim.phones.push(phone);
  }
}

export function tokenHash(token: string): Promise<string> {
  return sha256(utf8(token));
}
