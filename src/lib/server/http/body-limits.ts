/** The most a request body may weigh as sent, in bytes. Routes limit again what they unpack. */
export interface BodyLimits {
  readonly standard: number;
  /** Paths that start with the key and a slash, or equal it. */
  readonly routes: Readonly<Record<string, number>>;
}

export const BODY_LIMITS: BodyLimits = {
  standard: 64 * 1024,
  routes: { '/api/sync': 4 * 1024 * 1024 },
};

export type BodyVerdict = 'fine' | 'too_large' | 'length_required';

export function limitFor(path: string, limits: BodyLimits): number {
  const route = Object.entries(limits.routes).find(
    ([prefix]) => path === prefix || path.startsWith(`${prefix}/`),
  );
  return route?.[1] ?? limits.standard;
}

/**
 * Judges a body before one byte of it is read. A body must say its length: every browser does for what we send, and
 * Node's parser then lets through not a byte more. Chunked bodies, which could grow for ever, are refused.
 */
export function judgeBody(
  path: string,
  headers: { readonly length?: string | undefined; readonly transferEncoding?: string | undefined },
  limits: BodyLimits,
): BodyVerdict {
  if (headers.transferEncoding !== undefined) return 'length_required';
  const length = Number(headers.length ?? 0);
  return length <= limitFor(path, limits) ? 'fine' : 'too_large';
}
