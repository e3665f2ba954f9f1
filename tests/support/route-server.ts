import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { loadKit } from '../../scripts/serve.ts';
import { provideRuntime, type Runtime } from '../../src/lib/server/app-context.ts';
import { createFront } from '../../src/lib/server/http/front.ts';
import { drain, listen, type WebServer } from '../../src/lib/server/http/listening.ts';
import { originPolicy } from '../../src/lib/server/http/origin-policy.ts';
import type { Settings } from '../../src/lib/server/settings/settings.ts';
import type { TestDatabase } from './open-test-database.ts';

export interface RouteServer {
  readonly origin: string;
  close(): Promise<void>;
}

async function openFront(): Promise<readonly WebServer[]> {
  const machine = { hostName: 'm', addresses: [] };
  const policy = originPolicy({ origins: [], host: '127.0.0.1', port: 0, tls: null }, machine);
  const onFault = (error: unknown): void => void process.stderr.write(`${inspect(error)}\n`);
  const handler = await loadKit();
  const servers = await listen(() => createFront({ handler, policy, tls: null, onFault }), '127.0.0.1', 0);
  if ('kind' in servers) throw new Error(servers.code);
  return servers;
}

/** The built application behind the front that stands before it in production, over a test's database. */
export async function routeServer(
  db: { readonly targets: Pick<TestDatabase['targets'], 'web'> },
  settings: Partial<Settings> = {},
): Promise<RouteServer> {
  const dataDir = mkdtempSync(join(tmpdir(), 'xks-routes-'));
  const runtime: Runtime = {
    settings: { seed: 'none', dataDir, ...settings } as Settings,
    web: db.targets.web,
    closers: [],
  };
  provideRuntime(runtime);
  const servers = await openFront();
  const { port } = servers[0]?.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    close: async () => {
      await drain(servers);
      await Promise.allSettled(runtime.closers.map((close) => close()));
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
