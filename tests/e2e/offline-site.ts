import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { headersFor } from '../../src/lib/server/http/response-headers.ts';

const root = join(import.meta.dirname, '..', '..');
const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
  '.txt': 'text/plain',
  '.webmanifest': 'application/manifest+json',
};

/** What the site does to one request; null: it answers as always. */
export type Trick = (
  path: string,
  request: IncomingMessage,
) => { status: number; type: string; body: string; location?: string } | null;

/** The built app without its ward: files and shell under the headers of production, doors that are closed. */
export interface OfflineSite {
  readonly origin: string;
  /** Requests seen, newest last: path and what wanted it. */
  readonly seen: { readonly path: string; readonly by: string }[];
  trick: Trick | null;
  /** From now on a newer version of the app lies here: same files, another name. */
  release(name: string): void;
  close(): Promise<void>;
}

function fileOf(path: string): Buffer | null {
  try {
    return path === '/shell'
      ? readFileSync(join(root, 'build/prerendered/shell.html'))
      : readFileSync(join(root, 'build/client', path));
  } catch {
    return null;
  }
}

/** The name that this build gave itself. */
function builtVersion(): string {
  return (
    JSON.parse(readFileSync(join(root, 'build/client/_app/version.json'), 'utf8')) as { version: string }
  ).version;
}

export async function startOfflineSite(): Promise<OfflineSite> {
  let version: string | null = null;
  const send = (
    response: ServerResponse,
    path: string,
    status: number,
    type: string,
    body: Buffer | string,
  ) => {
    const facts = {
      path,
      contentType: type,
      hasPolicy: false,
      hasCacheControl: false,
      isFile: true,
      secure: false,
    };
    response.writeHead(status, { ...headersFor(facts), 'Content-Type': type });
    response.end(body);
  };
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const path = decodeURIComponent((request.url ?? '/').split('?')[0] ?? '/');
    site.seen.push({ path, by: request.headers['sec-fetch-dest'] ?? '' });
    const tricked = site.trick?.(path, request) ?? null;
    if (tricked) {
      if (tricked.location !== undefined) response.setHeader('Location', tricked.location);
      return send(response, path, tricked.status, tricked.type, tricked.body);
    }
    if (path.startsWith('/api/')) return send(response, path, 503, 'application/json', '{}');
    const file = path === '/' ? null : fileOf(path);
    const isWorker = path === '/service-worker.js' && version !== null;
    const body = isWorker && file ? file.toString().replaceAll(builtVersion(), version ?? '') : file;
    if (body)
      return send(
        response,
        path,
        200,
        path === '/shell' ? 'text/html' : (TYPES[extname(path)] ?? 'application/octet-stream'),
        body,
      );
    if (extname(path) !== '') return send(response, path, 404, 'text/plain', 'no such file');
    return send(response, path, 200, 'text/html', fileOf('/shell') ?? '');
  };
  const server: Server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const site: OfflineSite = {
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    seen: [],
    trick: null,
    release: (name) => {
      version = name;
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return site;
}
