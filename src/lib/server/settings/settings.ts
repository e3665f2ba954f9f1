import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { z } from 'zod';
import { err, ok, type Result } from '$lib/kernel/result.ts';

/** Where the rows live: our own PostgreSQL under the data directory, or any PostgreSQL 15+ by address. */
export type DatabasePlace =
  { readonly kind: 'embedded'; readonly directory: string } | { readonly kind: 'url'; readonly url: string };

/** Everything the operator may decide, checked once at start. Paths are absolute. */
export interface Settings {
  readonly port: number;
  readonly host: string;
  /** Origins this server answers to, without a trailing slash; empty = whatever loopback name was asked. */
  readonly origins: readonly string[];
  /** The origin written into invitations; null = the origin of the page that made the invitation. */
  readonly publicOrigin: string | null;
  readonly tls: { readonly certPath: string; readonly keyPath: string } | null;
  /** Addresses of reverse proxies whose X-Forwarded-For is believed. */
  readonly trustedProxies: readonly string[];
  readonly dataDir: string;
  readonly database: DatabasePlace;
  readonly seed: 'demo' | 'none';
  readonly demoPublic: boolean;
}

/** Closed list of what can be wrong; the words for the operator are in scripts/operator-messages.mjs. */
export type SettingsErrorKind =
  | 'port_invalid'
  | 'host_invalid'
  | 'origin_invalid'
  | 'public_origin_invalid'
  | 'public_origin_not_listed'
  | 'trusted_proxy_invalid'
  | 'tls_incomplete'
  | 'tls_unreadable'
  | 'database_url_invalid'
  | 'seed_invalid'
  | 'demo_public_invalid'
  | 'log_level_invalid'
  | 'demo_exposed';

export interface SettingsError {
  readonly kind: SettingsErrorKind;
  /** What was given, for the message; never a database address, which may hold a password. */
  readonly given: string;
}

/** The one thing outside the environment that settings need to know. */
export interface FileProbe {
  readable(path: string): boolean;
}

export type Environment = Readonly<Record<string, string | undefined>>;

const port = z
  .string()
  .regex(/^\d{1,5}$/)
  .transform(Number)
  .refine((value) => value <= 65_535);

const HOST_NAME = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/i;
const address = z.string().refine((value) => isIP(value) !== 0);
const host = z.string().refine((value) => isIP(value) !== 0 || HOST_NAME.test(value));

const origin = z.string().transform((value, context) => {
  const url = URL.canParse(value) ? new URL(value) : null;
  const bare =
    url !== null && url.pathname === '/' && url.search === '' && url.hash === '' && url.username === '';
  if (url !== null && bare && (url.protocol === 'http:' || url.protocol === 'https:')) return url.origin;
  context.addIssue('not an origin');
  return z.NEVER;
});

const databaseUrl = z.string().refine((value) => {
  if (!URL.canParse(value)) return false;
  const url = new URL(value);
  return ['postgres:', 'postgresql:'].includes(url.protocol) && url.pathname.length > 1;
});

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?|.+\.localhost)$/i;

/** True for names and addresses that only this machine itself can reach. */
export function isLoopback(hostName: string): boolean {
  return LOOPBACK.test(hostName);
}

class ErrorList {
  readonly errors: SettingsError[] = [];

  /** The parsed value, or the fallback with the error noted. */
  take<T>(schema: z.ZodType<T>, given: string, kind: SettingsErrorKind, fallback: T, shown = given): T {
    const parsed = schema.safeParse(given);
    if (parsed.success) return parsed.data;
    this.errors.push({ kind, given: shown });
    return fallback;
  }
}

function readTls(env: Environment, cwd: string, files: FileProbe, list: ErrorList): Settings['tls'] {
  const cert = present(env['TLS_CERT']);
  const key = present(env['TLS_KEY']);
  if (cert === null && key === null) return null;
  if (cert === null || key === null) {
    list.errors.push({ kind: 'tls_incomplete', given: cert === null ? 'TLS_CERT' : 'TLS_KEY' });
    return null;
  }
  const paths = { certPath: resolve(cwd, cert), keyPath: resolve(cwd, key) };
  for (const path of [paths.certPath, paths.keyPath]) {
    if (!files.readable(path)) list.errors.push({ kind: 'tls_unreadable', given: path });
  }
  return paths;
}

function readDatabase(env: Environment, dataDir: string, list: ErrorList): DatabasePlace {
  const given = present(env['DATABASE_URL']);
  if (given === null) return { kind: 'embedded', directory: dataDir };
  return { kind: 'url', url: list.take(databaseUrl, given, 'database_url_invalid', given, '') };
}

function listed(given: string | undefined): readonly string[] {
  return (present(given) ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function readOrigins(env: Environment, list: ErrorList): Pick<Settings, 'origins' | 'publicOrigin'> {
  const origins = listed(env['ORIGIN']).map((part) => list.take(origin, part, 'origin_invalid', part));
  const given = present(env['PUBLIC_ORIGIN']);
  if (given === null) return { origins, publicOrigin: null };
  const publicOrigin = list.take(origin, given, 'public_origin_invalid', given);
  if (origins.length > 0 && !origins.includes(publicOrigin)) {
    list.errors.push({ kind: 'public_origin_not_listed', given: publicOrigin });
  }
  return { origins: origins.length > 0 ? origins : [publicOrigin], publicOrigin };
}

/** Whether somebody at another machine could be looking at these pages. */
function isExposed(settings: Pick<Settings, 'host' | 'origins'>): boolean {
  const names = settings.origins
    .filter((value) => URL.canParse(value))
    .map((value) => new URL(value).hostname);
  return [settings.host, ...names].some((name) => !isLoopback(name));
}

const seed = z.enum(['demo', 'none']);
const flag = z.enum(['', '0', '1']).transform((value) => value === '1');

/** How much the log says. It is opened before settings are read, and asks the environment itself. */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
const logLevel = z.enum(LOG_LEVELS);

/**
 * Reads and checks the operator's settings. Every fault is reported at once.
 * SEED unset means the demo ward on a machine nobody else can reach, and nothing otherwise.
 */
export function readSettings(
  env: Environment,
  cwd: string,
  files: FileProbe,
): Result<Settings, readonly SettingsError[]> {
  const list = new ErrorList();
  list.take(logLevel, present(env['LOG_LEVEL']) ?? 'info', 'log_level_invalid', 'info');
  const dataDir = resolve(cwd, present(env['DATA_DIR']) ?? '.data');
  const partial = {
    port: list.take(port, present(env['PORT']) ?? '3000', 'port_invalid', 0),
    host: list.take(host, present(env['HOST']) ?? 'localhost', 'host_invalid', 'localhost'),
    ...readOrigins(env, list),
    tls: readTls(env, cwd, files, list),
    trustedProxies: listed(env['TRUSTED_PROXY']).map((part) =>
      list.take(address, part, 'trusted_proxy_invalid', part),
    ),
    dataDir,
    database: readDatabase(env, dataDir, list),
    demoPublic: list.take(flag, env['DEMO_PUBLIC']?.trim() ?? '', 'demo_public_invalid', false),
  };
  const exposed = isExposed(partial);
  const settings: Settings = {
    ...partial,
    seed: list.take(seed, present(env['SEED']) ?? (exposed ? 'none' : 'demo'), 'seed_invalid', 'none'),
  };
  if (settings.seed === 'demo' && exposed && !settings.demoPublic) {
    list.errors.push({ kind: 'demo_exposed', given: settings.host });
  }
  return list.errors.length === 0 ? ok(settings) : err(list.errors);
}

function present(value: string | undefined): string | null {
  const trimmed = value?.trim() ?? '';
  return trimmed === '' ? null : trimmed;
}
