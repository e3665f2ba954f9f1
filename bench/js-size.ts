import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { z } from 'zod';

const root = join(import.meta.dirname, '..');
const client = join(root, '.svelte-kit', 'output', 'client');
const nodes = '.svelte-kit/generated/client-optimized/nodes/';
const START = [
  'node_modules/@sveltejs/kit/src/runtime/client/entry.js',
  '.svelte-kit/generated/client-optimized/app.js',
];

/** The screen that is home, and the field's other screens, as the route table names them. */
export const HOME = '/(field)/(work)/today';

const manifestSchema = z.record(
  z.string(),
  z.object({
    file: z.string(),
    imports: z.array(z.string()).optional(),
    dynamicImports: z.array(z.string()).optional(),
  }),
);
type Manifest = z.infer<typeof manifestSchema>;

/** The production build as its own manifest tells it. */
export interface BuiltApp {
  readonly manifest: Manifest;
  /** Route → the numbers of its layouts and page. */
  readonly routes: ReadonlyMap<string, readonly number[]>;
  /** The service worker's own text, which names what it keeps. */
  readonly worker: string;
}

/** Reads the last build; throws where there is none. */
export function readBuild(): BuiltApp {
  const manifest = manifestSchema.parse(
    JSON.parse(readFileSync(join(client, '.vite', 'manifest.json'), 'utf8')),
  );
  const table = readFileSync(join(root, '.svelte-kit', 'generated', 'client-optimized', 'app.js'), 'utf8');
  const routes = [...table.matchAll(/^\s*"(\/[^"]*)": \[~?(\d+)(?:,\[([\d,]*)\])?/gm)].map(
    ([, route = '', page = '', layouts = '']): [string, number[]] => [
      route,
      [0, ...layouts.split(',').filter(Boolean).map(Number), Number(page)],
    ],
  );
  return {
    manifest,
    routes: new Map(routes),
    worker: readFileSync(join(client, 'service-worker.js'), 'utf8'),
  };
}

/** Keys of the manifest that are loaded before anything on the page runs: static imports of imports. */
export function staticFiles({ manifest }: Pick<BuiltApp, 'manifest'>, from: readonly string[]): Set<string> {
  const found = new Set<string>();
  const walk = (key: string): void => {
    if (found.has(key)) return;
    const entry = manifest[key];
    if (entry === undefined) throw new Error(`the build's manifest does not know ${key}`);
    found.add(key);
    for (const next of entry.imports ?? []) walk(next);
  };
  for (const key of from) walk(key);
  return found;
}

/** All that a route is drawn with: Kit's start, its layouts, its page. */
export function routeFiles(app: BuiltApp, route: string): Set<string> {
  const numbers = app.routes.get(route);
  if (numbers === undefined) throw new Error(`no such route in the build: ${route}`);
  return staticFiles(app, [...START, ...numbers.map((at) => `${nodes}${at}.js`)]);
}

const sizes = new Map<string, number>();

function gzipped(file: string): number {
  const known = sizes.get(file);
  if (known !== undefined) return known;
  const size = gzipSync(readFileSync(join(client, file)), { level: 9 }).length;
  sizes.set(file, size);
  return size;
}

/** Bytes over the wire, each file gzipped by itself. */
export function bytesOf({ manifest }: Pick<BuiltApp, 'manifest'>, keys: Iterable<string>): number {
  let sum = 0;
  for (const key of keys) sum += gzipped(manifest[key]?.file ?? '');
  return sum;
}

export interface FieldSizes {
  readonly home: number;
  /** What home brings by itself once it is drawn: courier, packs, the rest of the words, what opens vaults. */
  readonly behindHome: number;
  /** Route → bytes beyond home's. */
  readonly others: ReadonlyMap<string, number>;
}

/** What home's own modules load on demand, one step deep, that no tap asks for: named, because a list cannot know it. */
export const BEHIND_HOME = [
  'src/lib/phone/courier/start-courier.ts',
  'src/lib/phone/courier/browser-world.ts',
  'src/lib/messages/dictionary.ts',
  'src/lib/phone/session/renew-session.ts',
  'src/lib/phone/vault/unlock.ts',
  'src/routes/(field)/(work)/procedure-catalogue.ts',
  'node_modules/workbox-window/build/workbox-window.prod.es5.mjs',
];

export function fieldSizes(app: BuiltApp): FieldSizes {
  const home = routeFiles(app, HOME);
  const beyond = (keys: Set<string>): number =>
    bytesOf(
      app,
      [...keys].filter((key) => !home.has(key)),
    );
  const others = [...app.routes.keys()]
    .filter((route) => route.startsWith('/(field)') && route !== HOME)
    .map((route): [string, number] => [route, beyond(routeFiles(app, route))]);
  const behind = BEHIND_HOME.filter((key) => key in app.manifest);
  return { home: bytesOf(app, home), behindHome: beyond(staticFiles(app, behind)), others: new Map(others) };
}
