import { join } from 'node:path';
import type { Clock } from '$lib/kernel/clock.ts';
import type { Random } from '$lib/kernel/random.ts';
import { openDatabase, type ConnectTarget, type Database } from './database/pool.ts';
import { openKeyFiles } from './keys/key-files.ts';
import { serverKeys, type ServerKeys } from './keys/server-keys.ts';
import type { Settings } from './settings/settings.ts';

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

type Shared = { [RUNTIME]?: Runtime; [CONTEXT]?: Promise<AppContext> };
const shared = globalThis as Shared;

export const systemClock: Clock = { now: () => Date.now() };
export const systemRandom: Random = { bytes: (length) => crypto.getRandomValues(new Uint8Array(length)) };

/** Called by the starter (or a test) before the first request. */
export function provideRuntime(runtime: Runtime): void {
  shared[RUNTIME] = runtime;
  delete shared[CONTEXT];
}

async function open(runtime: Runtime): Promise<AppContext> {
  const { settings } = runtime;
  const ring = await openKeyFiles(join(settings.dataDir, 'keys'), systemClock, systemRandom);
  const database = openDatabase(runtime.web);
  runtime.closers.push(() => database.close());
  return {
    settings,
    database,
    clock: systemClock,
    random: systemRandom,
    keys: serverKeys(ring, systemRandom),
  };
}

/** The process's context. Rejects where nobody has started one, such as while the pages are being built. */
export function appContext(): Promise<AppContext> {
  const runtime = shared[RUNTIME];
  if (runtime === undefined)
    return Promise.reject(new Error('no runtime was provided: start through the starter'));
  return (shared[CONTEXT] ??= open(runtime));
}
