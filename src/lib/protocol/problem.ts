import * as z from 'zod/mini';

/** Why `/api/sync` answered with something else than 200: closed, for a machine. None of them settles anything. */
export const HTTP_PROBLEMS = [
  /** 413: sent or unpacked too large; halve it. A lone one gives up its seq. */
  'too_large',
  /** 400: the body ended before it was whole. */
  'truncated',
  /** 400: not the shape of a round. */
  'malformed',
  /** 415: not our content type or content encoding. */
  'wrong_type',
  /** 426: speaks a protocol this server does not know. */
  'upgrade',
  /** 401: no delivery token, or one that this server has never met (not the same as revoked): everything stays. */
  'unknown_token',
  /** 503: try again later. */
  'busy',
] as const;
export type HttpProblem = (typeof HTTP_PROBLEMS)[number];

export const httpProblemSchema = z.strictObject({
  problem: z.enum(HTTP_PROBLEMS),
  retryAfter: z.nullable(z.int()),
});
