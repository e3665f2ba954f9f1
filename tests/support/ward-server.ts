import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { createHash, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeWardCertificate } from '../../scripts/ward-certificate.ts';

export interface WardServerOptions {
  /** Serve https://NAME:PORT with a certificate of the ward's own authority; otherwise http://localhost:PORT. */
  readonly httpsName?: string;
  /** Serve http://NAME:PORT: an address that no browser trusts. */
  readonly httpName?: string;
  readonly seed?: 'demo' | 'none';
  readonly env?: Readonly<Record<string, string>>;
  /** `npm start` unless said. */
  readonly command?: 'start' | 'dev';
  /** From nothing, as on a new machine; otherwise a demo ward is a copy of one that was seeded before (demo-template.ts). */
  readonly fresh?: true;
}

/** Environment variable: the data directory of a seeded demo ward that was stopped. */
export const DEMO_TEMPLATE = 'XKS_DEMO_TEMPLATE';

/** A ward as `npm start` serves it: the production build, its own PostgreSQL, its own data directory. */
export interface WardServer {
  readonly origin: string;
  readonly port: number;
  readonly dataDir: string;
  /** For Chromium: finds the name on this machine, and trusts this certificate (a service worker needs trust). */
  readonly chromiumArgs: readonly string[];
  /** Everything the server has printed so far. */
  said(): string;
  pid(): number;
  /** kill -9 of Node alone: its PostgreSQL is left an orphan, as after a real crash. */
  kill(): Promise<void>;
  /** Starts again on the same data and port. */
  start(): Promise<void>;
  /** Ctrl-C. */
  stop(): Promise<void>;
  /** stop(), and the data removed. */
  remove(): Promise<void>;
}

const root = join(import.meta.dirname, '..', '..');
const START_LIMIT_MS = 600_000;

/** A port that was free a moment ago: the origin must be known before the server starts. */
async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

/** Where the ward is asked for, and how the server and the browser are told. */
interface Place {
  readonly origin: string;
  readonly env: Readonly<Record<string, string>>;
  readonly chromiumArgs: readonly string[];
}

const resolving = (name: string): string => `--host-resolver-rules=MAP ${name} 127.0.0.1`;

async function securePlace(dataDir: string, name: string, port: number): Promise<Place> {
  const made = await makeWardCertificate({
    directory: join(dataDir, 'tls'),
    names: [name],
    also: [],
    now: Date.now(),
  });
  if (!made.ok) throw new Error(made.error.kind);
  const { certPath, keyPath } = made.value;
  const key = new X509Certificate(readFileSync(certPath)).publicKey.export({ type: 'spki', format: 'der' });
  const spki = createHash('sha256').update(key).digest('base64');
  const origin = `https://${name}:${port}`;
  return {
    origin,
    env: { TLS_CERT: certPath, TLS_KEY: keyPath, ORIGIN: origin, DEMO_PUBLIC: '1' },
    chromiumArgs: [resolving(name), `--ignore-certificate-errors-spki-list=${spki}`],
  };
}

function placeOf(options: WardServerOptions, dataDir: string, port: number): Promise<Place> | Place {
  if (options.httpsName !== undefined) return securePlace(dataDir, options.httpsName, port);
  if (options.httpName === undefined)
    return { origin: `http://localhost:${port}`, env: {}, chromiumArgs: [] };
  const origin = `http://${options.httpName}:${port}`;
  const env = { ORIGIN: origin, DEMO_PUBLIC: '1' };
  return { origin, env, chromiumArgs: [resolving(options.httpName)] };
}

async function untilServing(child: ChildProcess, said: () => string): Promise<void> {
  const outcome = await Promise.race([
    once(child, 'message').then(() => 'serving'),
    once(child, 'exit').then(() => 'ended'),
    once(AbortSignal.timeout(START_LIMIT_MS), 'abort').then(() => 'late'),
  ]);
  if (outcome !== 'serving') throw new Error(`the ward server ${outcome}:\n${said()}`);
}

async function end(child: ChildProcess | null, signal: NodeJS.Signals): Promise<void> {
  if (child === null || child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill(signal);
  await gone;
}

/** With owners and modes: PostgreSQL insists on them. */
function copyTemplate(options: WardServerOptions, dataDir: string): void {
  const template = process.env[DEMO_TEMPLATE];
  const wanted = options.fresh !== true && (options.seed ?? 'demo') === 'demo';
  if (!wanted || template === undefined || process.platform === 'win32') return;
  execFileSync('cp', ['-a', `${template}/.`, dataDir]);
}

/** Starts a ward of its own. The caller removes it. */
export async function startWardServer(options: WardServerOptions = {}): Promise<WardServer> {
  const dataDir = mkdtempSync(join(tmpdir(), 'xks-ward-'));
  copyTemplate(options, dataDir);
  const port = await freePort();
  const place = await placeOf(options, dataDir, port);
  const env = {
    PORT: String(port),
    HOST: 'localhost',
    DATA_DIR: dataDir,
    SEED: options.seed ?? 'demo',
    ORIGIN: '',
    ...place.env,
    ...options.env,
  };
  let child: ChildProcess | null = null;
  let words = '';
  const start = async (): Promise<void> => {
    const started = spawn(
      process.execPath,
      ['--disable-proto=delete', `scripts/${options.command ?? 'start'}.mjs`],
      {
        cwd: root,
        env: { ...process.env, ...env },
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      },
    );
    child = started;
    for (const stream of [started.stdout, started.stderr])
      stream?.on('data', (chunk) => (words += String(chunk)));
    await untilServing(started, () => words);
  };
  const stop = (): Promise<void> => end(child, 'SIGINT');
  const remove = async (): Promise<void> => {
    await stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
  try {
    await start();
  } catch (error) {
    await remove();
    throw error;
  }
  const { origin, chromiumArgs } = place;
  return {
    origin,
    port,
    dataDir,
    chromiumArgs,
    said: () => words,
    pid: () => child?.pid ?? 0,
    kill: () => end(child, 'SIGKILL'),
    start,
    stop,
    remove,
  };
}
