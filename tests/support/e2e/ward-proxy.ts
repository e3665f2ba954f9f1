import { once } from 'node:events';
import { createServer, request as ask, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Stands between phones and a ward: can hold deliveries off, and offer the app as a newer release. */
export interface WardProxy {
  readonly origin: string;
  /** Where the ward listens: told once it does. */
  target: number;
  /** Deliveries get no answer; everything else does. */
  deliveriesCut: boolean;
  /** From now on a newer version of the app lies there: same files, another name. */
  release(name: string): void;
  close(): Promise<void>;
}

const builtVersion = (): string =>
  (
    JSON.parse(
      readFileSync(join(import.meta.dirname, '../../../build/client/_app/version.json'), 'utf8'),
    ) as { version: string }
  ).version;

export async function startWardProxy(): Promise<WardProxy> {
  let released: string | null = null;
  const asNewRelease = (came: IncomingMessage, response: ServerResponse, name: string): void => {
    const parts: Buffer[] = [];
    came.on('data', (part: Buffer) => parts.push(part));
    came.on('end', () => {
      const { 'content-length': _length, ...headers } = came.headers;
      response.writeHead(came.statusCode ?? 502, headers);
      response.end(Buffer.concat(parts).toString().replaceAll(builtVersion(), name));
    });
  };
  const pass = (request: IncomingMessage, response: ServerResponse): void => {
    const isWorker = request.url === '/service-worker.js' && released !== null;
    const headers = { ...request.headers, ...(isWorker ? { 'accept-encoding': 'identity' } : {}) };
    const onward = ask(
      { host: '127.0.0.1', port: proxy.target, path: request.url, method: request.method, headers },
      (came) => {
        if (isWorker) return asNewRelease(came, response, released ?? '');
        response.writeHead(came.statusCode ?? 502, came.headers);
        came.pipe(response);
      },
    );
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  };
  const server = createServer((request, response) => {
    if (proxy.deliveriesCut && request.url === '/api/sync') response.destroy();
    else pass(request, response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const proxy: WardProxy = {
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    target: 0,
    deliveriesCut: false,
    release: (name) => {
      released = name;
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return proxy;
}
