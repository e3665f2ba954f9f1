import type * as z from 'zod/mini';
import type { ENROL_PROBLEMS } from '../../protocol/enrol.ts';
import { enrolProblemSchema } from '../../protocol/enrol.ts';
import { err, ok, type Result } from '../../kernel/result.ts';

/**
 * `refused`: the server said why. `unauthorised`: no valid session. `offline`: nobody answered. `not_ours`: somebody else
 * did (captive portal, proxy), or the server is in trouble.
 */
export type AskFault =
  | {
      readonly kind: 'refused';
      readonly problem: (typeof ENROL_PROBLEMS)[number];
      readonly retryAfter: number | null;
    }
  | { readonly kind: 'unauthorised' }
  | { readonly kind: 'offline' }
  | { readonly kind: 'not_ours' };

export type Fetch = (input: string, init: RequestInit) => Promise<Response>;

export interface Ask {
  readonly path: string;
  /** Absent: GET. */
  readonly body?: unknown;
}

/** A wait that outlasts a slow 2G answer, and ends. */
const PATIENCE_MS = 30_000;

async function jsonOf(response: Response): Promise<unknown> {
  const type = response.headers.get('content-type') ?? '';
  if (!type.startsWith('application/json') || response.redirected) return undefined;
  return response.json().catch(() => undefined) as Promise<unknown>;
}

/** Asks the ward's server one question; only an answer of the right shape counts as one. */
export async function askServer<T>(
  fetch: Fetch,
  { path, body }: Ask,
  schema: z.ZodMiniType<T>,
): Promise<Result<T, AskFault>> {
  const init: RequestInit = {
    credentials: 'same-origin',
    redirect: 'error',
    cache: 'no-store',
    signal: AbortSignal.timeout(PATIENCE_MS),
    ...(body === undefined
      ? {}
      : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  };
  const response = await fetch(path, init).catch(() => null);
  if (response === null) return err({ kind: 'offline' });
  const json = await jsonOf(response);
  if (response.ok) {
    const answer = schema.safeParse(json);
    return answer.success ? ok(answer.data) : err({ kind: 'not_ours' });
  }
  const problem = enrolProblemSchema.safeParse(json);
  if (problem.success) return err({ kind: 'refused', ...problem.data });
  return err({ kind: response.status === 401 ? 'unauthorised' : 'not_ours' });
}
