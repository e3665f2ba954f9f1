import { join } from 'node:path';
import type { Clock } from '$lib/kernel/clock.ts';
import type { Random } from '$lib/kernel/random.ts';
import { registerPath, replayRegister } from './backup/revocation-register.ts';
import { openDatabase, type ConnectTarget, type Database } from './database/pool.ts';
import { openKeyFiles } from './keys/key-files.ts';
import { sealedInDatabase } from './keys/sealed-rows.ts';
import { serverKeys, type ServerKeys } from './keys/server-keys.ts';
import type { Settings } from './settings/settings.ts';
import { meetEpoch } from './sync/epochs.ts';
import { startLeftoverJob } from './sync/leftover-job.ts';
import { postgresStore } from './sync/postgres-store.ts';

/**
 * What the process that serves us has made ready: checked settings and a migrated database. It lies on `globalThis`
 * under a registered symbol, because the starter and the built application are two module graphs in one process.
 */
export interface Runtime {
  readonly settings: Settings;
  /** Where the application's own login connects. */
  readonly web: ConnectTarget;
  /** The application adds how to let go of what it opened; the starter calls them all before it stops the database. */
  readonly closers: (() => Promise<void>)[];
}

/** Everything request code may reach for: opened once a process. */
export interface AppContext {
  readonly settings: Settings;
  readonly database: Database;
  readonly clock: Clock;
  readonly random: Random;
  readonly keys: ServerKeys;
}

const RUNTIME = Symbol.for('xks.runtime');
const CONTEXT = Symbol.for('xks.app-context');

type Shared = { [RUNTIME]?: Runtime; [CONTEXT]?: Promise<AppContext> | undefined };
const shared = globalThis as Shared;

export const systemClock: Clock = { now: () => Date.now() };
/** Nonces and ids are asked for by the thousand while a ward waits: they are drawn by the kilobyte. Keys never are. */
const DRAWN = 4096;
let drawn = new Uint8Array(0);

/** Every byte is given out once. */
function drawBytes(length: number): Uint8Array<ArrayBuffer> {
  if (length > 16) return crypto.getRandomValues(new Uint8Array(length));
  if (drawn.length < length) drawn = crypto.getRandomValues(new Uint8Array(DRAWN));
  const given = drawn.slice(0, length);
  drawn = drawn.subarray(length);
  return given;
}

export const systemRandom: Random = { bytes: drawBytes };

/** Called by the starter (or a test) before the first request. */
export function provideRuntime(runtime: Runtime): void {
  shared[RUNTIME] = runtime;
  shared[CONTEXT] = undefined;
}

/** Does the operator run a demo? Answered without the database: an error page asks when nothing else answers. */
export function servesDemo(): boolean {
  return shared[RUNTIME]?.settings.seed === 'demo';
}

/** Something of this process that must end before the database does (live streams). */
export function beforeStop(close: () => Promise<void>): void {
  shared[RUNTIME]?.closers.push(close);
}

async function openKeys(settings: Settings, database: Database): Promise<ServerKeys> {
  const directory = join(settings.dataDir, 'keys');
  const sealed = await sealedInDatabase(database);
  return serverKeys(await openKeyFiles(directory, sealed, systemClock, systemRandom), systemRandom);
}

async function open(runtime: Runtime): Promise<AppContext> {
  const { settings } = runtime;
  const database = openDatabase(runtime.web);
  const store = postgresStore(database);
  try {
    const keys = await openKeys(settings, database);
    const world = { keys, clock: systemClock, random: systemRandom };
    // Nobody is answered, and no session begins, before the epoch is known.
    await replayRegister(database, registerPath(settings.dataDir));
    await meetEpoch({ store, ...world });
    const job = startLeftoverJob({ store, ...world }, database);
    runtime.closers.push(async () => {
      await job.stop();
      await database.close();
    });
    return { settings, database, ...world };
  } catch (error) {
    await database.close();
    throw error;
  }
}

/**
 * The process's context. Rejects where nobody has started one, such as while the pages are being built. A failure is not
 * remembered: a database that was away at the first request is met at the next.
 */
export function appContext(): Promise<AppContext> {
  const runtime = shared[RUNTIME];
  if (runtime === undefined)
    return Promise.reject(new Error('no runtime was provided: start through the starter'));
  const known = shared[CONTEXT];
  if (known !== undefined) return known;
  const opening = open(runtime).catch((error: unknown) => {
    shared[CONTEXT] = undefined;
    throw error;
  });
  shared[CONTEXT] = opening;
  return opening;
}
