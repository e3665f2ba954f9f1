import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundlePage } from '../phone/page-bundle.ts';
import type { Stats, WardCalls } from './ward-calls.ts';

/** A ward that is being measured: the production server on its own PostgreSQL, in a process of its own. */
export interface RunningWard {
  readonly origin: string;
  readonly call: WardCalls;
  readonly folder: string;
  stop(): Promise<void>;
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  return port;
}

interface Reply {
  readonly id?: number;
  readonly value?: unknown;
  readonly error?: string;
  readonly serving?: number;
}

/** Calls by message, answered by number. */
function callsOf(child: ChildProcess): WardCalls {
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  let next = 0;
  child.on('message', ({ id, value, error }: Reply) => {
    const asked = id === undefined ? undefined : waiting.get(id);
    if (id === undefined || asked === undefined) return;
    waiting.delete(id);
    if (error === undefined) asked.resolve(value);
    else asked.reject(new Error(error));
  });
  child.on('exit', (code, signal) => {
    for (const { reject } of waiting.values()) reject(new Error(`the ward ended: ${signal ?? code}`));
    waiting.clear();
  });
  const call =
    (name: keyof WardCalls) =>
    (...args: unknown[]): Promise<unknown> =>
      new Promise((resolve, reject) => {
        if (!child.connected) {
          reject(new Error('the ward has ended'));
          return;
        }
        next += 1;
        waiting.set(next, { resolve, reject });
        child.send({ id: next, call: name, args });
      });
  const names = ['stats', 'invitation', 'seed', 'storm', 'stored', 'clearFloor'] as const;
  return Object.fromEntries(names.map((name) => [name, call(name)])) as unknown as WardCalls;
}

const START_MS = 120_000;

export async function startWard(): Promise<RunningWard> {
  const folder = mkdtempSync(join(tmpdir(), 'xks-bench-'));
  const page = join(folder, 'page.js');
  writeFileSync(page, await bundlePage());
  const port = await freePort();
  const child = spawn(
    process.execPath,
    ['--disable-proto=delete', '--import', 'tsx', join(import.meta.dirname, 'ward-process.ts')],
    {
      env: {
        ...process.env,
        PORT: String(port),
        HOST: 'localhost',
        DATA_DIR: join(folder, 'data'),
        SEED: 'none',
        BENCH_PAGE: page,
      },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    },
  );
  const call = callsOf(child);
  await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(() => Promise.reject(new Error('the ward did not start'))),
    once(AbortSignal.timeout(START_MS), 'abort').then(() => Promise.reject(new Error('the ward is late'))),
  ]);
  return {
    origin: `http://localhost:${port}`,
    call,
    folder,
    stop: async () => {
      if (child.exitCode === null && child.signalCode === null) {
        const gone = once(child, 'exit');
        child.kill('SIGTERM');
        await gone;
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export interface Cost {
  readonly requests: number;
  readonly up: number;
  readonly down: number;
  readonly cpuMs: number;
}

/** What a piece of work cost on the wire and at the server. */
export async function costOf<T>(
  ward: RunningWard,
  work: () => Promise<T>,
): Promise<{ value: T; cost: Cost }> {
  const before: Stats = await ward.call.stats();
  const value = await work();
  const after: Stats = await ward.call.stats();
  const cost = {
    requests: after.requests - before.requests,
    up: after.up - before.up,
    down: after.down - before.down,
    cpuMs: after.cpuMs - before.cpuMs,
  };
  return { value, cost };
}
