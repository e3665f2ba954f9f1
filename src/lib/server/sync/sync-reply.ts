import type { HttpProblem } from '$lib/protocol/problem.ts';
import { PROTOCOL, PROTOCOL_HEADER, SYNC_CONTENT_TYPE } from '$lib/protocol/version.ts';
import { packed, packingFor } from './packed-answer.ts';

const WORTH_PACKING = 1024;

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
  const packing = packingFor(request.headers.get('accept-encoding') ?? '');
  if (packing === null || text.length < WORTH_PACKING) return new Response(text, { headers });
  headers.set('content-encoding', packing);
  return new Response(await packed(text, packing), { headers });
}

export function problemReply(problem: HttpProblem): Response {
  const retryAfter = problem === 'busy' ? RETRY_AFTER_S : null;
  const headers = headersOf();
  if (retryAfter !== null) headers.set('retry-after', String(retryAfter));
  return new Response(JSON.stringify({ problem, retryAfter }), { status: STATUS[problem], headers });
}
