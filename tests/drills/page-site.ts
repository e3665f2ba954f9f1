import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PlainWard } from '../support/phone/plain-ward.ts';
import { bundleFor } from './bundle.ts';

/** Serves the drill page under one origin, with a plain ward behind `/api`. */
export interface PageSite {
  readonly origin: string;
  readonly ward: PlainWard;
  /** A page was told that this save is kept. */
  onSaved: (id: string) => void;
  /** A page stands still inside its transaction and wants its browser killed. */
  onDie: () => void;
  /** Requests that arrive from now on wait until the returned function is called. */
  hold(): { readonly arrived: Promise<unknown>; readonly release: () => void };
  close(): Promise<void>;
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

const PAGE = '<!doctype html><html lang="vi"><title>drill</title><script src="/page.js"></script></html>';

export async function startPageSite(): Promise<PageSite> {
  const script = await bundleFor('phone-page.ts');
  let gate = Promise.resolve();
  let arrived = (): void => undefined;
  const ask = async (path: string, request: IncomingMessage): Promise<Response> => {
    const body = await bodyOf(request);
    arrived();
    await gate;
    const headers = new Headers();
    for (const [name, value] of Object.entries(request.headers)) headers.set(name, String(value));
    const given = path === '/api/sync' ? new Uint8Array(body) : body.toString();
    return site.ward.fetch(path, { method: 'POST', headers, body: given });
  };
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const [path = '/', query = ''] = (request.url ?? '/').split('?');
    if (path.startsWith('/api/')) {
      const told = await ask(path, request);
      response.writeHead(told.status, Object.fromEntries(told.headers));
      response.end(await told.text());
      return;
    }
    if (path === '/die') {
      site.onDie();
      return;
    }
    if (path === '/saved') site.onSaved(query);
    response.setHeader('content-type', path === '/page.js' ? 'text/javascript' : 'text/html; charset=utf-8');
    response.end(path === '/page.js' ? script : PAGE);
  };
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const site: PageSite = {
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    ward: new PlainWard(),
    onSaved: () => undefined,
    onDie: () => undefined,
    hold: () => {
      let release = (): void => undefined;
      gate = new Promise((resolve) => (release = resolve));
      const came = new Promise<void>((resolve) => (arrived = resolve));
      return { arrived: came, release };
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return site;
}
