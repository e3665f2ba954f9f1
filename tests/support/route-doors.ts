import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createServer } from 'vite';

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

/** Every door there is, read from the routes as they are written and as Kit reads them. */
export async function routeDoors(): Promise<readonly Door[]> {
  const vite = await createServer({
    configFile: 'vite.config.ts',
    logLevel: 'error',
    optimizeDeps: { noDiscovery: true, include: [] },
    server: { middlewareMode: true, hmr: false, watch: null },
  });
  try {
    const load = (file: string): Promise<Record<string, unknown>> => vite.ssrLoadModule(`/${file}`);
    const files = routeFiles('src/routes', '');
    return (await Promise.all(files.map((file) => doorsOf(file, load)))).flat();
  } finally {
    await vite.close();
  }
}
