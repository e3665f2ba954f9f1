/** What is known about an answer at the moment its head is written. */
export interface AnswerFacts {
  readonly path: string;
  readonly contentType: string;
  /** Kit sets its own policy, with a nonce, on pages it renders for one request. */
  readonly hasPolicy: boolean;
  readonly hasCacheControl: boolean;
  /** Files on disk carry a date; answers made for one request do not. */
  readonly isFile: boolean;
  /** The origin asked for is https: ours, or that of the proxy in front. */
  readonly secure: boolean;
}

/** On every answer. Referrer same-origin: with no-referrer, browsers send form posts with the origin "null". */
const ALWAYS: Readonly<Record<string, string>> = {
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'same-origin',
  'Permissions-Policy':
    'camera=(self), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Origin-Agent-Cluster': '?1',
};

const YEAR_SECONDS = 31_536_000;
const WORKER_PATH = /^\/_app\/immutable\/workers\//;
const SCRIPT_TYPE = /javascript/;
const ROOM =
  "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/**
 * The policy for answers that Kit gave none. A prerendered page brings its script hashes in a meta element, which
 * cannot hold frame-ancestors, so the header adds that and restricts nothing the hashes allow. A worker lives under
 * the policy of its own script; the ones we build may compile WebAssembly (Argon2id, QR reader), pages may not.
 */
export function policyFor(facts: Pick<AnswerFacts, 'path' | 'contentType'>): string {
  if (facts.contentType.startsWith('text/html')) {
    return "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
  }
  if (WORKER_PATH.test(facts.path)) return `${ROOM}; script-src 'self' 'wasm-unsafe-eval'`;
  if (SCRIPT_TYPE.test(facts.contentType)) return ROOM;
  return "default-src 'none'; frame-ancestors 'none'";
}

function cacheRule(facts: AnswerFacts): string | null {
  if (facts.hasCacheControl) return null;
  return facts.isFile ? 'no-cache' : 'private, no-store';
}

/** Headers to add to an answer; those the application set itself are left alone, except that hashed files only are kept for ever. */
export function headersFor(facts: AnswerFacts): Readonly<Record<string, string>> {
  const headers: Record<string, string> = { ...ALWAYS };
  if (!facts.hasPolicy) headers['Content-Security-Policy'] = policyFor(facts);
  const cache = facts.path === '/service-worker.js' ? 'no-cache' : cacheRule(facts);
  if (cache !== null) headers['Cache-Control'] = cache;
  if (facts.secure) headers['Strict-Transport-Security'] = `max-age=${YEAR_SECONDS}; includeSubDomains`;
  return headers;
}
