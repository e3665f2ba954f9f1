import { createServer } from 'vite';
import { provideRuntime, type Runtime } from '../src/lib/server/app-context.ts';
import { machineNames, readyLines } from './addresses.ts';
import { loadSettings } from './load-settings.ts';
import { openContext } from './open-context.ts';
import { openMigrated } from './open-database.ts';
import { steps } from './operator-messages.mjs';
import { runCommand } from './operator-stop.ts';
import { root } from './prepare.mjs';
import { ensureDemo } from './seed.ts';
import { wardState } from './ward-state.ts';

async function start(): Promise<void> {
  const settings = loadSettings(root);
  console.log(steps.startingDatabase);
  const database = await openMigrated(settings, root);
  const runtime: Runtime = { settings, web: database.web, closers: [] };
  provideRuntime(runtime);
  if (settings.seed === 'demo') await ensureDemo(await wardState(database));
  await openContext();
  const vite = await createServer({
    root,
    server: { port: settings.port, host: settings.host, strictPort: true },
  });
  const stop = async (): Promise<void> => {
    await vite.close();
    await Promise.allSettled(runtime.closers.map((close) => close()));
    await database.stop();
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop());
  await vite.listen();
  const state = await wardState(database);
  const facts = { port: settings.port, place: database.place, ...state };
  for (const line of readyLines(settings, facts, machineNames())) console.log(line);
  // Whoever started this as a child is told that it may go on.
  process.send?.({ serving: settings.port });
}

/** Everything of npm start but the build: pages come from Vite as they are written. */
export async function develop(): Promise<void> {
  await runCommand(start);
}
