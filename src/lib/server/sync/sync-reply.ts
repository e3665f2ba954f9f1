import { promisify } from 'node:util';
import { gzip, gzipSync } from 'node:zlib';
import type { HttpProblem } from '$lib/protocol/problem.ts';
import { PROTOCOL, PROTOCOL_HEADER, SYNC_CONTENT_TYPE } from '$lib/protocol/version.ts';

const inThread = promisify(gzip);
const WORTH_PACKING = 1024;
/** What is small is packed here and now: the way to another thread and back costs more. */
const SMALL = 64 * 1024;

async function packed(text: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(text.length <= SMALL ? gzipSync(text) : await inThread(text));
}

const STATUS: Readonly<Record<HttpProblem, number>> = {
  too_large: 413,
  truncated: 400,
  malformed: 400,
  wrong_type: 415,
  upgrade: 426,
  unknown_token: 401,
  busy: 503,
};
const RETRY_AFTER_S = 5;

function headersOf(): Headers {
  return new Headers({
    'content-type': SYNC_CONTENT_TYPE,
    [PROTOCOL_HEADER]: String(PROTOCOL),
    'cache-control': 'no-store',
    vary: 'accept-encoding',
  });
}

/** Our content type and header on every answer: what a portal or proxy says has neither. */
export async function replyTo(request: Request, answer: object): Promise<Response> {
  const text = JSON.stringify(answer);
  const headers = headersOf();
  const packs = request.headers.get('accept-encoding')?.includes('gzip') === true;
  if (!packs || text.length < WORTH_PACKING) return new Response(text, { headers });
  headers.set('content-encoding', 'gzip');
  return new Response(await packed(text), { headers });
}

export function problemReply(problem: HttpProblem): Response {
  const retryAfter = problem === 'busy' ? RETRY_AFTER_S : null;
  const headers = headersOf();
  if (retryAfter !== null) headers.set('retry-after', String(retryAfter));
  return new Response(JSON.stringify({ problem, retryAfter }), { status: STATUS[problem], headers });
}
