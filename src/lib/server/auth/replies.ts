import type { z } from 'zod';
import type * as mini from 'zod/mini';
import type { EnrolProblem } from './redeem.ts';

/** Nothing that concerns one person is kept by a cache on the way. */
const PRIVATE = { 'cache-control': 'no-store' };

const STATUS: Readonly<Record<EnrolProblem['problem'], number>> = {
  unknown_code: 404,
  used_code: 410,
  expired_code: 410,
  too_many_tries: 429,
  revoked: 403,
  not_known: 401,
  bad_signature: 401,
  malformed: 400,
};

export function reply(body: object, status = 200): Response {
  return Response.json(body, { status, headers: PRIVATE });
}

/** A coded answer for a machine; its screen has the words. */
export function refuse(error: EnrolProblem): Response {
  const retry = error.retryAfter === null ? {} : { 'retry-after': String(error.retryAfter) };
  return Response.json(error, { status: STATUS[error.problem], headers: { ...PRIVATE, ...retry } });
}

export const MALFORMED: EnrolProblem = { problem: 'malformed', retryAfter: null };
export const NOT_KNOWN: EnrolProblem = { problem: 'not_known', retryAfter: null };

/** The body as this schema has it; null for any other type, broken JSON, or one key too many. */
export async function readBody<T extends z.ZodType | mini.ZodMiniType>(
  request: Request,
  schema: T,
): Promise<mini.infer<T> | null> {
  const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json') return null;
  try {
    const parsed = schema.safeParse(await request.json());
    return parsed.success ? (parsed.data as mini.infer<T>) : null;
  } catch {
    return null;
  }
}
