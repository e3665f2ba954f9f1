import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { machineNames } from '../../scripts/addresses.ts';
import { loadSettings } from '../../scripts/load-settings.ts';
import { openMigrated } from '../../scripts/open-database.ts';
import { root } from '../../scripts/prepare.mjs';
import { loadKit } from '../../scripts/serve.ts';
import { appContext, provideRuntime } from '../../src/lib/server/app-context.ts';
import { createFront } from '../../src/lib/server/http/front.ts';
import { originPolicy } from '../../src/lib/server/http/origin-policy.ts';
import { wireDevice } from '../ward/ward-devices.ts';
import { benchContext, invite, newPerson, newWard, seedVisits } from '../ward/ward-people.ts';

/** What `start` of the harness's serverkit asks for. */
export interface PeerServer {
  handler(request: IncomingMessage, response: ServerResponse): Promise<void>;
  seed(count: number, from: number): Promise<void>;
  count(): Promise<number>;
}

function reply(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(value));
}

/**
 * The production server on its own PostgreSQL behind the harness's sockets: one ward of 25 teams, of which the first is
 * the one that is seeded and pulled.
 */
export async function peerWard(directory: string): Promise<PeerServer> {
  const settings = loadSettings(root, {
    PORT: '0',
    HOST: '127.0.0.1',
    DATA_DIR: join(directory, 'data'),
    SEED: 'none',
    ORIGIN: '',
  });
  const database = await openMigrated(settings, root);
  provideRuntime({ settings, web: database.web, closers: [] });
  const front = createFront({
    handler: await loadKit(),
    policy: originPolicy(settings, machineNames()),
    tls: null,
    onFault: (error) => console.error(error),
  });
  const [listener] = front.listeners('request') as ((
    request: IncomingMessage,
    response: ServerResponse,
  ) => void)[];
  if (listener === undefined) throw new Error('the front listens to nothing');
  const context = await benchContext(await appContext());
  const ward = await newWard(context, 'peers', 25);
  const author = await newPerson(context, ward);
  return {
    handler: async (request, response) => {
      const url = new URL(request.url ?? '/', 'http://peer');
      if (url.pathname === '/peer/invitation') {
        reply(response, { code: await invite(context, await newPerson(context, ward, 0, 'team_lead')) });
        return;
      }
      if (url.pathname === '/peer/devices') {
        const [count, visits] = ['count', 'visits'].map((name) => Number(url.searchParams.get(name)));
        const devices = [];
        for (let at = 0; at < (count ?? 0); at++)
          devices.push(await wireDevice(context, await newPerson(context, ward, at), visits ?? 0));
        reply(response, devices);
        return;
      }
      listener(request, response);
    },
    seed: (count, from) => seedVisits(context, author, count, from),
    count: async () => {
      const [row] = await context.database.pool.begin(async (tx) => {
        await tx`select set_config('role', 'xks_app', true), set_config('app.wards', ${ward.ward}, true)`;
        return tx<{ count: number }[]>`
          select count(*)::integer as count from assist where ward_id = ${ward.ward}`;
      });
      return row?.count ?? 0;
    },
  };
}
