import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { provideRuntime, type Runtime } from '../src/lib/server/app-context.ts';
import { registerPath } from '../src/lib/server/backup/revocation-register.ts';
import { createFront, KIT_ENVIRONMENT, type KitHandler } from '../src/lib/server/http/front.ts';
import { drain, listen, type WebServer } from '../src/lib/server/http/listening.ts';
import { originPolicy } from '../src/lib/server/http/origin-policy.ts';
import { openDatabase } from '../src/lib/server/database/pool.ts';
import type { Settings } from '../src/lib/server/settings/settings.ts';
import { machineNames, readyLines } from './addresses.ts';
import { loadSettings } from './load-settings.ts';
import { openContext } from './open-context.ts';
import { openMigrated, type OpenedDatabase } from './open-database.ts';
import { databaseErrors, listenErrors, steps } from './operator-messages.mjs';
import { OperatorStop, runCommand } from './operator-stop.ts';
import { root } from './prepare.mjs';
import { keepRegister } from './register-file.ts';
import { ensureDemo } from './seed.ts';
import { wardState } from './ward-state.ts';

const builtHandler = z.object({ handler: z.custom<KitHandler>((value) => typeof value === 'function') });

/** Kit's built handler, ready to stand behind our front. */
export async function loadKit(): Promise<KitHandler> {
  // Kit's handler reads these once, when it is imported. ORIGIN would pin it to a single one.
  delete process.env['ORIGIN'];
  Object.assign(process.env, KIT_ENVIRONMENT);
  const built: unknown = await import(pathToFileURL(join(root, 'build', 'handler.js')).href);
  return builtHandler.parse(built).handler;
}

async function openFront(settings: Settings): Promise<readonly WebServer[]> {
  const { tls } = settings;
  const front = {
    handler: await loadKit(),
    policy: originPolicy(settings, machineNames()),
    trustedProxies: settings.trustedProxies,
    tls: tls && { cert: readFileSync(tls.certPath, 'utf8'), key: readFileSync(tls.keyPath, 'utf8') },
    onFault: (error: unknown) => console.error(error),
  };
  const servers = await listen(() => createFront(front), settings.host, settings.port);
  if (!('kind' in servers)) return servers;
  throw new OperatorStop(
    listenErrors[servers.kind]?.(servers.kind === 'other' ? servers.code : String(settings.port)) ??
      servers.code,
  );
}

/** A revocation must outlive even the database it was made in: the register is compared and kept this often. */
const REGISTER_MS = 5_000;

/** Keeps the register of revocations beside the data until the runtime closes. */
function watchRegister(settings: Settings, database: OpenedDatabase, runtime: Runtime): void {
  const owner = openDatabase(database.owner, 1);
  const path = registerPath(settings.dataDir);
  const keep = async (): Promise<void> => {
    // A database that is away for a moment is asked again at the next turn.
    await keepRegister(owner, [path]).catch((error: unknown) =>
      console.error(databaseErrors['register']?.(String(error))),
    );
  };
  const timer = setInterval(() => void keep(), REGISTER_MS);
  runtime.closers.push(async () => {
    clearInterval(timer);
    await keep();
    await owner.close();
  });
}

interface Running {
  readonly database: OpenedDatabase;
  readonly servers: readonly WebServer[];
  readonly runtime: Runtime;
}

/** In order: no new requests, live streams and pools closed, requests under way finished, then the database. */
async function shutDown({ database, servers, runtime }: Running): Promise<void> {
  const drained = drain(servers);
  await Promise.allSettled(runtime.closers.map((close) => close()));
  await drained;
  await database.stop();
}

function stopOnSignal(running: Running): void {
  let stopping = false;
  const stop = (): void => {
    // A second Ctrl-C means: at once. PostgreSQL recovers from its log at the next start.
    if (stopping) process.exit(1);
    stopping = true;
    console.log(steps.stopping);
    void shutDown(running).then(() => {
      console.log(steps.stopped);
      process.exit(0);
    });
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
}

async function start(): Promise<void> {
  const settings = loadSettings(root);
  console.log(steps.startingDatabase);
  const database = await openMigrated(settings, root, (detail) => {
    console.error(databaseErrors['lost']?.(detail));
    process.exit(1);
  });
  try {
    const runtime: Runtime = { settings, web: database.web, closers: [] };
    provideRuntime(runtime);
    if (settings.seed === 'demo') await ensureDemo(await wardState(database));
    const state = await wardState(database);
    if (state.demo && settings.seed !== 'demo')
      throw new OperatorStop(databaseErrors['demo_rows']?.('') ?? '');
    // The epoch is met and the register replayed before anybody is answered.
    await openContext();
    const servers = await openFront(settings);
    watchRegister(settings, database, runtime);
    stopOnSignal({ database, servers, runtime });
    const port = (servers[0]?.address() as AddressInfo).port;
    const facts = { port, place: database.place, ...state };
    for (const line of readyLines(settings, facts, machineNames())) console.log(line);
    // Whoever started us as a child (the end-to-end tests) waits for this word.
    process.send?.({ serving: port });
  } catch (error) {
    await database.stop();
    throw error;
  }
}

/** Everything after installing and building: database, schema, demo ward, port. Resolves once it serves. */
export async function serve(): Promise<void> {
  await runCommand(start);
}
