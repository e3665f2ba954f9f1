import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { BODY_LIMITS, judgeBody, type BodyLimits } from './body-limits.ts';
import { clientAddress } from './client-address.ts';
import { DressedResponse } from './dressed-response.ts';
import type { WebServer } from './listening.ts';
import { isKnownMethod, mayChange, requestOrigin, type OriginPolicy } from './origin-policy.ts';

/** Kit's own request handler: `handler` of build/handler.js. */
export type KitHandler = (
  request: IncomingMessage,
  response: ServerResponse,
  next: (error?: unknown) => void,
) => unknown;

export interface FrontOptions {
  readonly handler: KitHandler;
  readonly policy: OriginPolicy;
  readonly tls: { readonly cert: string; readonly key: string } | null;
  readonly limits?: BodyLimits;
  /** Proxies whose word about the client's address is taken. */
  readonly trustedProxies?: readonly string[];
  /** Told of faults that reached us; the message may name files, never what people typed. */
  readonly onFault?: (error: unknown) => void;
}

/** Headers by which our front tells Kit where a request came in. Whatever a client sends under these names is dropped. */
const PROTOCOL = 'x-xks-front-protocol';
const HOST = 'x-xks-host';
const ADDRESS = 'x-xks-address';

/** What build/handler.js must find in the environment when it is first imported. */
export const KIT_ENVIRONMENT: Readonly<Record<string, string>> = {
  PROTOCOL_HEADER: PROTOCOL,
  HOST_HEADER: HOST,
  ADDRESS_HEADER: ADDRESS,
  // Limits are ours, per route and before reading.
  BODY_SIZE_LIMIT: 'Infinity',
};

const SERVER_LIMITS = {
  /** A client that trickles its head ties up a socket, no more. */
  headersTimeout: 10_000,
  /** 4 MB over a weak line (40 kB/s) take 100 s. */
  requestTimeout: 180_000,
  keepAliveTimeout: 20_000,
  connectionsCheckingInterval: 5_000,
  maxHeaderSize: 16 * 1024,
};
const MAX_CONNECTIONS = 4_000;

/** Refusals for machines: a code, not a sentence. People meet the application's own pages instead. */
function refuse(response: ServerResponse, status: number, code: string): void {
  response.writeHead(status, { 'Content-Type': 'application/json', Connection: 'close' });
  response.end(JSON.stringify({ error: code }));
}

function pathOf(url: string): string {
  const end = url.search(/[?#]/);
  return end === -1 ? url : url.slice(0, end);
}

/** Returns the refusal, or null when the request may go on to Kit. */
function judge(
  request: IncomingMessage,
  path: string,
  own: string | null,
  limits: BodyLimits,
): [number, string] | null {
  const method = request.method ?? '';
  if (!isKnownMethod(method)) return [405, 'method_not_allowed'];
  if (!path.startsWith('/')) return [400, 'bad_address'];
  if (own === null) return [421, 'unknown_host'];
  const { origin, 'sec-fetch-site': site } = request.headers;
  if (!mayChange(method, { origin, site }, own)) return [403, 'foreign_origin'];
  const body = {
    length: request.headers['content-length'],
    transferEncoding: request.headers['transfer-encoding'],
  };
  const verdict = judgeBody(path, body, limits);
  if (verdict === 'too_large') return [413, 'body_too_large'];
  return verdict === 'length_required' ? [411, 'length_required'] : null;
}

function tellKit(request: IncomingMessage, own: string, proxies: readonly string[]): void {
  const url = new URL(own);
  request.headers[PROTOCOL] = url.protocol.slice(0, -1);
  request.headers[HOST] = url.host;
  const forwarded = request.headers['x-forwarded-for'];
  request.headers[ADDRESS] = clientAddress(request.socket.remoteAddress, forwarded, proxies);
}

function listener(options: FrontOptions): (request: IncomingMessage, response: DressedResponse) => void {
  const limits = options.limits ?? BODY_LIMITS;
  return (request, response) => {
    const path = pathOf(request.url ?? '');
    const own = requestOrigin(options.policy, request.headers.host);
    response.asked = { path, secure: own?.startsWith('https:') ?? false };
    const refusal = judge(request, path, own, limits);
    if (refusal !== null) {
      refuse(response, ...refusal);
      return;
    }
    tellKit(request, own ?? '', options.trustedProxies ?? []);
    const fail = (error?: unknown): void => {
      if (error !== undefined) options.onFault?.(error);
      if (response.headersSent) response.destroy();
      else if (error === undefined) refuse(response, 404, 'not_found');
      else refuse(response, 500, 'server_fault');
    };
    Promise.resolve()
      .then(() => options.handler(request, response, fail))
      .catch(fail);
  };
}

/** Our own server around Kit's handler: every answer wears the security headers, every change is checked for its origin. */
export function createFront(options: FrontOptions): WebServer {
  const handle = listener(options);
  const common = { ...SERVER_LIMITS, ServerResponse: DressedResponse };
  const server =
    options.tls === null
      ? createServer(common, handle)
      : createTlsServer({ ...common, ...options.tls, minVersion: 'TLSv1.2' }, handle);
  server.maxConnections = MAX_CONNECTIONS;
  return server;
}
