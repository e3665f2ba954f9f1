import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { readFileSync } from 'node:fs';
import { machineNames } from '../../scripts/addresses.ts';
import { loadSettings } from '../../scripts/load-settings.ts';
import { openMigrated } from '../../scripts/open-database.ts';
import { loadKit } from '../../scripts/serve.ts';
import { root } from '../../scripts/prepare.mjs';
import { appContext, provideRuntime } from '../../src/lib/server/app-context.ts';
import { openDatabase } from '../../src/lib/server/database/pool.ts';
import { createFront } from '../../src/lib/server/http/front.ts';
import { listen, type WebServer } from '../../src/lib/server/http/listening.ts';
import { originPolicy } from '../../src/lib/server/http/origin-policy.ts';
import { wardCalls, type WardCalls } from './ward-calls.ts';
import { openFloor, type WardFloor } from './ward-floor.ts';

/** What went over the sockets since the start. */
class Traffic {
  requests = 0;
  #in = 0;
  #out = 0;
  readonly #open = new Set<Socket>();

  readonly follow = (socket: Socket): void => {
    this.#open.add(socket);
    socket.on('close', () => {
      this.#open.delete(socket);
      this.#in += socket.bytesRead;
      this.#out += socket.bytesWritten;
    });
  };

  read(): { requests: number; up: number; down: number } {
    let [up, down] = [this.#in, this.#out];
    for (const socket of this.#open) {
      up += socket.bytesRead;
      down += socket.bytesWritten;
    }
    return { requests: this.requests, up, down };
  }
}

const PAGE =
  '<!doctype html><html lang="vi"><meta charset="utf-8"><title>bench</title><ul id="list"></ul><script type="module" src="/bench/page.js"></script></html>';
const BARE =
  '<!doctype html><html lang="vi"><meta charset="utf-8"><title>bare</title><h1>bare</h1><script src="/bench/bare/ready.js"></script></html>';
const BARE_WORKER = `const NAME='bare-1';const FILES=['/bench/bare/','/bench/bare/ready.js'];
addEventListener('install',e=>e.waitUntil(caches.open(NAME).then(c=>c.addAll(FILES)).then(()=>skipWaiting())));
addEventListener('activate',e=>e.waitUntil(clients.claim()));
addEventListener('fetch',e=>e.respondWith(caches.match(e.request).then(r=>r??fetch(e.request))));`;
const BARE_READY = `navigator.serviceWorker.register('/bench/bare/worker.js',{scope:'/bench/bare/'});document.querySelector('h1').dataset.ready='1';`;

const STATIC: Readonly<Record<string, readonly [string, string]>> = {
  '/bench/page.html': ['text/html; charset=utf-8', PAGE],
  '/bench/bare/': ['text/html; charset=utf-8', BARE],
  '/bench/bare/worker.js': ['text/javascript', BARE_WORKER],
  '/bench/bare/ready.js': ['text/javascript', BARE_READY],
};

function serveStatic(response: ServerResponse, url: URL): boolean {
  const script = process.env['BENCH_PAGE'] ?? '';
  const file =
    url.pathname === '/bench/page.js'
      ? (['text/javascript', readFileSync(script, 'utf8')] as const)
      : STATIC[url.pathname];
  if (file === undefined) return false;
  const [type, text] = file;
  response.writeHead(200, {
    'content-type': type,
    // Fine clocks: the page is isolated from all others.
    'cross-origin-embedder-policy': 'require-corp',
    'content-security-policy': "default-src 'self'; worker-src 'self'",
  });
  response.end(text);
  return true;
}

/** The bench's own addresses before, and on the same sockets as, the production server's. */
function stepIn(server: WebServer, floor: WardFloor, traffic: Traffic): void {
  const ours = server.listeners('request') as ((
    request: IncomingMessage,
    response: ServerResponse,
  ) => void)[];
  server.removeAllListeners('request');
  server.on('connection', traffic.follow);
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const url = new URL(request.url ?? '/', 'http://bench');
    if (!url.pathname.startsWith('/bench/')) {
      traffic.requests += 1;
      for (const run of ours) run(request, response);
      return;
    }
    if (serveStatic(response, url)) return;
    traffic.requests += 1;
    floor.serve(request, response, url).then(
      (done) => {
        if (done) return;
        response.writeHead(404);
        response.end();
      },
      (error: unknown) => {
        console.error(error);
        response.writeHead(500);
        response.end();
      },
    );
  });
}

async function main(): Promise<void> {
  const settings = loadSettings(root);
  const database = await openMigrated(settings, root);
  provideRuntime({ settings, web: database.web, closers: [] });
  const floorDatabase = openDatabase(database.owner, 4);
  const floor = await openFloor(floorDatabase);
  const traffic = new Traffic();
  const front = {
    handler: await loadKit(),
    policy: originPolicy(settings, machineNames()),
    tls: null,
    onFault: (error: unknown) => console.error(error),
  };
  const servers = await listen(
    () => {
      const server = createFront(front);
      stepIn(server, floor, traffic);
      return server;
    },
    settings.host,
    settings.port,
  );
  if ('kind' in servers) throw new Error(`cannot listen: ${servers.kind}`);
  const calls = await wardCalls(await appContext(), floor, () => traffic.read());
  process.on('message', ({ id, call, args }: { id: number; call: keyof WardCalls; args: never[] }) => {
    const asked = (calls[call] as (...given: never[]) => Promise<unknown>).bind(calls);
    asked(...args).then(
      (value) => process.send?.({ id, value }),
      (error: unknown) => process.send?.({ id, error: String(error instanceof Error ? error.stack : error) }),
    );
  });
  const stop = (): void => {
    void floorDatabase
      .close()
      .then(() => database.stop())
      .then(() => process.exit(0));
  };
  process.on('SIGTERM', stop);
  // Whoever measured is gone: so are we.
  process.on('disconnect', stop);
  process.send?.({ serving: (servers[0]?.address() as AddressInfo).port });
}

await main();
