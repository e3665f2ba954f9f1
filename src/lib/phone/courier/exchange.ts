import { type Bytes, utf8 } from '../../kernel/bytes.ts';
import { err, ok, type Result } from '../../kernel/result.ts';
import { httpProblemSchema } from '../../protocol/problem.ts';
import { readRoundAnswer } from '../../protocol/read-answer.ts';
import type { RoundAnswer, RoundRequest } from '../../protocol/round.ts';
import { PROTOCOL, PROTOCOL_HEADER, SYNC_CONTENT_TYPE } from '../../protocol/version.ts';
import type { CourierWorld, ExchangeFault } from './courier-world.ts';

export const SYNC_PATH = '/api/sync';
/** A slow link moves a full batch in less; what takes longer is tried again with half. */
export const ANSWER_TIMEOUT_MS = 60_000;
/** Below this, compressing costs more than it saves. */
const GZIP_FROM_BYTES = 1024;

type Ports = Pick<CourierWorld, 'fetch' | 'gzip' | 'timer'>;

/** One request and its answer, believed only when it is ours through and through (captive portals, proxies). */
export async function exchange(
  ports: Ports,
  token: string,
  request: RoundRequest,
): Promise<Result<RoundAnswer, ExchangeFault>> {
  const { body, encoding } = await packed(ports, utf8(JSON.stringify(request)));
  const stop = new AbortController();
  const done = new AbortController();
  const late = { timedOut: false };
  const watch = ports.timer.wait(ANSWER_TIMEOUT_MS, done.signal).then(() => {
    if (done.signal.aborted) return;
    late.timedOut = true;
    stop.abort();
  });
  try {
    const response = await ports.fetch(SYNC_PATH, {
      method: 'POST',
      headers: {
        'content-type': SYNC_CONTENT_TYPE,
        [PROTOCOL_HEADER]: String(PROTOCOL),
        authorization: `Bearer ${token}`,
        ...encoding,
      },
      body,
      redirect: 'error',
      cache: 'no-store',
      // A courier's delivery never carries the session of whoever is in front.
      credentials: request.down === null ? 'omit' : 'same-origin',
      signal: stop.signal,
    });
    return await readAnswer(response);
  } catch {
    return err({ kind: late.timedOut ? 'timed_out' : 'no_answer' });
  } finally {
    done.abort();
    await watch;
  }
}

async function packed(
  ports: Ports,
  plain: Bytes,
): Promise<{ body: Bytes; encoding: Record<string, string> }> {
  if (ports.gzip === null || plain.length < GZIP_FROM_BYTES) return { body: plain, encoding: {} };
  return { body: await ports.gzip(plain), encoding: { 'content-encoding': 'gzip' } };
}

/** Throws when the body breaks off: that is a failed attempt like any other. */
async function readAnswer(response: Response): Promise<Result<RoundAnswer, ExchangeFault>> {
  if (response.status === 413) return err({ kind: 'too_large' });
  if (response.status === 429 || response.status === 503)
    return err({ kind: 'busy', afterMs: retryAfter(response) });
  // A gateway before a server that is down answers for it; a network that wants a log-in answers with a page, or with 511.
  if (response.status >= 500 && response.status !== 511 && !isOurs(response))
    return err({ kind: 'no_answer' });
  if (response.redirected || !isOurs(response)) return err({ kind: 'not_ours' });
  const json = parseJson(await response.text());
  if (response.status !== 200) return err(problemOf(json));
  const answer = readRoundAnswer(json);
  return answer !== null && answer.receipt !== '' ? ok(answer) : err({ kind: 'not_ours' });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The coded refusals of `/api/sync`: what is not meant for a person is simply tried again. */
function problemOf(json: unknown): ExchangeFault {
  const parsed = httpProblemSchema.safeParse(json);
  if (!parsed.success) return { kind: 'not_ours' };
  switch (parsed.data.problem) {
    case 'unknown_token':
    case 'upgrade':
    case 'too_large':
      return { kind: parsed.data.problem };
    case 'busy':
      return {
        kind: 'busy',
        afterMs: parsed.data.retryAfter === null ? null : parsed.data.retryAfter * 1000,
      };
    case 'truncated':
    case 'malformed':
    case 'wrong_type':
      return { kind: 'not_ours' };
  }
}

function isOurs(response: Response): boolean {
  const type = (response.headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase();
  return type === SYNC_CONTENT_TYPE && response.headers.get(PROTOCOL_HEADER) !== null;
}

function retryAfter(response: Response): number | null {
  const seconds = Number(response.headers.get('retry-after') ?? '');
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds, 3600) * 1000 : null;
}
