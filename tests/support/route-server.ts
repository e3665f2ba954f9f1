import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { createServer } from 'vite';
import { provideRuntime, type Runtime } from '../../src/lib/server/app-context.ts';
import { createFront, type KitHandler } from '../../src/lib/server/http/front.ts';
import { drain, listen, type WebServer } from '../../src/lib/server/http/listening.ts';
import { originPolicy } from '../../src/lib/server/http/origin-policy.ts';
import type { Settings } from '../../src/lib/server/settings/settings.ts';
import type { TestDatabase } from './open-test-database.ts';

const HTTP_METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
export type Method = (typeof HTTP_METHODS)[number];

/** One thing that can be asked of the application: a page, a page's action, a method of an endpoint. */
export interface Door {
  /** Kit's route id without groups, such as `/filings/[id]`. */
  readonly route: string;
  readonly method: Method;
  /** Name of a page's action; null for pages and endpoints. */
  readonly action: string | null;
}

export interface RouteServer {
  readonly origin: string;
  /** Every door there is, read from the routes as Kit reads them. */
  readonly doors: readonly Door[];
  close(): Promise<void>;
}

interface RouteFile {
  readonly route: string;
  readonly file: string;
}

function routeFiles(directory: string, route: string): RouteFile[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    if (!entry.isDirectory()) return [{ route: route === '' ? '/' : route, file: path }];
    return routeFiles(path, /^\(.*\)$/.test(entry.name) ? route : `${route}/${entry.name}`);
  });
}

const methodsIn = (module: Record<string, unknown>): Method[] =>
  HTTP_METHODS.filter((method) => method in module);

function actionsIn(module: Record<string, unknown>): string[] {
  return module['actions'] instanceof Object ? Object.keys(module['actions']) : [];
}

async function doorsOf(
  { route, file }: RouteFile,
  load: (file: string) => Promise<Record<string, unknown>>,
): Promise<Door[]> {
  if (file.endsWith('/+page.svelte')) return [{ route, method: 'GET', action: null }];
  if (file.endsWith('/+server.ts')) {
    return methodsIn(await load(file)).map((method) => ({ route, method, action: null }));
  }
  if (!file.endsWith('/+page.server.ts')) return [];
  const actions = actionsIn(await load(file)).map((action) => ({ route, method: 'POST' as const, action }));
  return existsSync(file.replace('.server.ts', '.svelte'))
    ? actions
    : [{ route, method: 'GET', action: null }, ...actions];
}

async function openFront(handler: KitHandler): Promise<readonly WebServer[]> {
  const machine = { hostName: 'm', addresses: [] };
  const policy = originPolicy({ origins: [], host: '127.0.0.1', port: 0, tls: null }, machine);
  const onFault = (error: unknown): void => void process.stderr.write(`${inspect(error)}\n`);
  const servers = await listen(() => createFront({ handler, policy, tls: null, onFault }), '127.0.0.1', 0);
  if ('kind' in servers) throw new Error(servers.code);
  return servers;
}

/** The application as it is written, behind the front that stands before it in production, over a test's database. */
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
  const vite = await createServer({
    configFile: 'vite.config.ts',
    logLevel: 'error',
    cacheDir: join(dataDir, 'vite'),
    optimizeDeps: { noDiscovery: true, include: [] },
    server: { middlewareMode: true, hmr: false, watch: null },
  });
  const servers = await openFront(vite.middlewares);
  const { port } = servers[0]?.address() as AddressInfo;
  const files = routeFiles('src/routes', '');
  const load = (file: string) => vite.ssrLoadModule(`/${file}`);
  const doors = await Promise.all(files.map((file) => doorsOf(file, load)));
  return {
    origin: `http://127.0.0.1:${port}`,
    doors: doors.flat(),
    close: async () => {
      await drain(servers);
      await vite.close();
      await Promise.allSettled(runtime.closers.map((close) => close()));
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
