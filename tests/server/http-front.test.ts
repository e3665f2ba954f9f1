import { once } from 'node:events';
import { request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createFront, type KitHandler } from '../../src/lib/server/http/front.ts';
import { drain, listen, type WebServer } from '../../src/lib/server/http/listening.ts';
import { originPolicy } from '../../src/lib/server/http/origin-policy.ts';

const machine = { hostName: 'm', addresses: [] };
const origins = ['https://ward.lan', 'http://phuong.example:8080'];
const policy = originPolicy({ origins, host: 'localhost', port: 0, tls: null }, machine);

let servers: readonly WebServer[] = [];
afterEach(async () => {
  await drain(servers);
});

async function serve(
  handler: KitHandler,
  onFault?: (error: unknown) => void,
  trustedProxies: readonly string[] = [],
): Promise<number> {
  const opened = await listen(
    () => createFront({ handler, policy, tls: null, trustedProxies, ...(onFault && { onFault }) }),
    '127.0.0.1',
    0,
  );
  if ('kind' in opened) throw new Error(opened.code);
  servers = opened;
  return (opened[0]?.address() as AddressInfo).port;
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

async function ask(
  port: number,
  path: string,
  headers: Record<string, string> = {},
  method = 'GET',
  body = '',
): Promise<Answer> {
  const sent = httpRequest({
    port,
    host: '127.0.0.1',
    path,
    method,
    headers: { host: 'ward.lan', ...headers },
  });
  sent.end(body);
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  let text = '';
  for await (const chunk of response) text += String(chunk);
  return { status: response.statusCode ?? 0, headers: response.headers, body: text };
}

/** Answers as Kit's handler does: rendered pages, prerendered pages, files, data. */
const kit: KitHandler = (request, response, next) => {
  const file = { 'Last-Modified': 'Sun, 22 Nov 2026 00:00:00 GMT' };
  switch (request.url) {
    case '/page':
      response.setHeader('Content-Security-Policy', "script-src 'nonce-abc'");
      return response.writeHead(200, { 'Content-Type': 'text/html' }).end('page');
    case '/shell':
      return response.writeHead(200, { 'Content-Type': 'text/html;charset=utf-8', ...file }).end('shell');
    case '/service-worker.js':
      return response.writeHead(200, { 'Content-Type': 'text/javascript', ...file }).end('sw');
    case '/_app/immutable/workers/kdf.js':
    case '/_app/immutable/a.js':
      response.setHeader('cache-control', 'public,max-age=31536000,immutable');
      return response.writeHead(200, { 'Content-Type': 'text/javascript', ...file }).end('js');
    case '/where':
      response.setHeader('Content-Type', 'application/json');
      return response.end(
        JSON.stringify([request.headers['x-xks-front-protocol'], request.headers['x-xks-host']]),
      );
    case '/fault':
      throw new Error('planted');
    default:
      next();
      return;
  }
};

describe('security headers are on every answer', () => {
  const everywhere = [
    'x-content-type-options',
    'x-frame-options',
    'referrer-policy',
    'permissions-policy',
    'cross-origin-opener-policy',
    'cross-origin-resource-policy',
    'origin-agent-cluster',
    'content-security-policy',
    'strict-transport-security',
  ];
  it.each(['/page', '/shell', '/service-worker.js', '/_app/immutable/a.js', '/where', '/missing', '/fault'])(
    '%s',
    async (path) => {
      const { headers } = await ask(await serve(kit), path);
      for (const name of everywhere) expect(headers, name).toHaveProperty(name);
      expect(headers).toHaveProperty('cache-control');
    },
  );

  it('also on refusals', async () => {
    const port = await serve(kit);
    const own = { origin: 'https://ward.lan' };
    const refused = [
      await ask(port, '/page', { origin: 'https://evil.example' }, 'POST'),
      await ask(port, '/page', {}, 'TRACE'),
      await ask(port, 'http://ward.lan/page'),
      await ask(port, '/page', { ...own, 'transfer-encoding': 'chunked' }, 'POST', 'x'),
      await ask(port, '/page', { ...own, 'content-length': '70000' }, 'POST'),
      await ask(port, '/page', { host: 'evil.example' }),
    ];
    expect(refused.map((answer) => answer.status)).toEqual([403, 405, 400, 411, 413, 421]);
    for (const { status, headers } of refused) {
      // A host that is not ours is promised nothing of what it speaks.
      for (const name of status === 421 ? everywhere.slice(0, -1) : everywhere)
        expect(headers, `${name} of ${status}`).toHaveProperty(name);
      expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
    }
  });

  it('keeps Kit’s nonce, adds frame-ancestors to prerendered pages without touching their hashes', async () => {
    const port = await serve(kit);
    expect((await ask(port, '/page')).headers['content-security-policy']).toBe("script-src 'nonce-abc'");
    const shell = (await ask(port, '/shell')).headers['content-security-policy'];
    expect(shell).toContain("frame-ancestors 'none'");
    expect(shell).not.toMatch(/script-src|default-src/);
  });

  it('gives WebAssembly to workers of our own and to nothing else', async () => {
    const port = await serve(kit);
    expect((await ask(port, '/_app/immutable/workers/kdf.js')).headers['content-security-policy']).toContain(
      'wasm-unsafe-eval',
    );
    for (const path of ['/page', '/shell', '/service-worker.js', '/_app/immutable/a.js']) {
      expect((await ask(port, path)).headers['content-security-policy']).not.toContain('wasm-unsafe-eval');
    }
  });

  it('HSTS only where the origin is https', async () => {
    const port = await serve(kit);
    expect((await ask(port, '/page', { host: 'phuong.example:8080' })).headers).not.toHaveProperty(
      'strict-transport-security',
    );
  });

  it('hashed files for ever, the service worker never, files revalidated, personal answers not stored', async () => {
    const port = await serve(kit);
    const rule = async (path: string): Promise<string | undefined> =>
      (await ask(port, path)).headers['cache-control'];
    expect(await rule('/_app/immutable/a.js')).toBe('public,max-age=31536000,immutable');
    expect(await rule('/service-worker.js')).toBe('no-cache');
    expect(await rule('/shell')).toBe('no-cache');
    expect(await rule('/page')).toBe('private, no-store');
    expect(await rule('/where')).toBe('private, no-store');
  });
});

describe('several origins, one server', () => {
  it('tells Kit the origin that was asked, and drops what a client claims it to be', async () => {
    const port = await serve(kit);
    expect((await ask(port, '/where')).body).toBe('["https","ward.lan"]');
    expect((await ask(port, '/where', { host: 'phuong.example:8080' })).body).toBe(
      '["http","phuong.example:8080"]',
    );
    const forged = { 'x-xks-front-protocol': 'http', 'x-xks-host': 'evil.example' };
    expect((await ask(port, '/where', forged)).body).toBe('["https","ward.lan"]');
  });

  it('JSON, too, must come from our own pages', async () => {
    const port = await serve(kit);
    const json = { 'content-type': 'application/json' };
    expect((await ask(port, '/where', { ...json, origin: 'https://ward.lan' }, 'POST', '{}')).status).toBe(
      200,
    );
    expect(
      (await ask(port, '/where', { ...json, origin: 'http://phuong.example:8080' }, 'POST', '{}')).status,
    ).toBe(403);
    expect((await ask(port, '/where', json, 'POST', '{}')).status).toBe(403);
  });
});

describe('bad requests end early, and in order', () => {
  it.each(['POST', 'PUT', 'PATCH', 'DELETE'])(
    '%s: a body too large is refused before it is read',
    async (method) => {
      const port = await serve(kit);
      const big = { origin: 'https://ward.lan', 'content-length': '70000' };
      const socket = connect(port, '127.0.0.1');
      socket.write(
        `${method} /where HTTP/1.1\r\nHost: ward.lan\r\n${Object.entries(big)
          .map(([k, v]) => `${k}: ${v}\r\n`)
          .join('')}\r\n`,
      );
      const [answer] = (await once(socket, 'data')) as [Buffer];
      expect(answer.toString()).toMatch(/^HTTP\/1\.1 413 /);
      socket.destroy();
    },
  );

  it('a body without a length is refused', async () => {
    const port = await serve(kit);
    const sent = await ask(
      port,
      '/where',
      { origin: 'https://ward.lan', 'transfer-encoding': 'chunked' },
      'POST',
      'x',
    );
    expect(sent.status).toBe(411);
  });

  it('whom limits count by: the socket’s address, and a forwarded one only of a proxy that was named', async () => {
    const echo: KitHandler = (request, response) => response.end(request.headers['x-xks-address']);
    const forged = { 'x-forwarded-for': '198.51.100.1', 'x-xks-address': '198.51.100.1' };
    expect((await ask(await serve(echo), '/', forged)).body).toBe('127.0.0.1');
    await drain(servers);
    const behind = await serve(echo, undefined, ['127.0.0.1']);
    expect((await ask(behind, '/', forged)).body).toBe('198.51.100.1');
    const longer = { ...forged, 'x-forwarded-for': '1.2.3.4, 203.0.113.7' };
    expect((await ask(behind, '/', longer)).body).toBe('203.0.113.7');
  });

  it('an address in absolute form is refused', async () => {
    const port = await serve(kit);
    expect((await ask(port, 'http://evil.example/page')).status).toBe(400);
  });

  it('a fault is told to the log, not to the caller', async () => {
    const faults: unknown[] = [];
    const answer = await ask(await serve(kit, (error) => faults.push(error)), '/fault');
    expect(answer.status).toBe(500);
    expect(answer.body).toBe('{"error":"server_fault"}');
    expect(faults).toHaveLength(1);
  });
});

describe('stopping', () => {
  it('lets a request under way finish and takes no new one', async () => {
    let release: () => void = () => undefined;
    const port = await serve((_request, response) => {
      release = () => void response.end('finished');
    });
    const slow = ask(port, '/slow');
    const server = servers[0];
    if (server === undefined) throw new Error('no server');
    await once(server, 'request');
    const drained = drain(servers);
    const late = connect(port, '127.0.0.1');
    expect(((await once(late, 'error')) as [NodeJS.ErrnoException])[0].code).toBe('ECONNREFUSED');
    release();
    expect((await slow).body).toBe('finished');
    await drained;
    servers = [];
  });

  it('names a port that is taken', async () => {
    const port = await serve(kit);
    const again = await listen(() => createFront({ handler: kit, policy, tls: null }), '127.0.0.1', port);
    expect(again).toEqual({ kind: 'port_taken', code: 'EADDRINUSE' });
  });
});
