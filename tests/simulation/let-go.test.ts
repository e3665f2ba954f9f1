import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { memoryServer } from '../support/sync-memory.ts';
import type { SyncServer } from '../support/sync-ward.ts';
import { runHistory } from './history.ts';

/** The garbage collector, which Node keeps behind a flag. */
function collector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}

/** Servers of these histories that something still holds after their end. */
async function keptAfter(seeds: readonly number[]): Promise<number> {
  const gc = collector();
  const servers: WeakRef<SyncServer>[] = [];
  for (const seed of seeds) {
    await runHistory(seed, {
      server: async (of) => {
        const server = await memoryServer(of);
        servers.push(new WeakRef(server));
        return server;
      },
    });
  }
  await new Promise((resolve) => setImmediate(resolve));
  gc();
  return servers.filter((server) => server.deref() !== undefined).length;
}

it('I1 a history that has ended is let go of: a long run of them stays as small as the first', async () => {
  const seeds = Array.from({ length: 12 }, (_, at) => at + 1);
  // The last one may still be on its way out.
  expect(await keptAfter(seeds)).toBeLessThanOrEqual(2);
});
