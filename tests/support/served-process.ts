import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { ConnectTarget } from '../../src/lib/server/database/pool.ts';

/** A server process of its own on a test's database; several of them share a data directory, and with it the keys. */
export interface ServedProcess {
  readonly origin: string;
  /** Everything it has printed: its whole log. */
  said(): string;
  stop(): Promise<void>;
}

interface Ready {
  readonly origin: string;
}

const CHILD = join(import.meta.dirname, 'served-process-child.ts');

export async function serveProcess(target: ConnectTarget, dataDir: string): Promise<ServedProcess> {
  const child = spawn(
    process.execPath,
    ['--disable-proto=delete', '--import', 'tsx', CHILD, JSON.stringify({ target, dataDir })],
    { stdio: ['ignore', 'pipe', 'pipe', 'ipc'], env: { ...process.env, LOG_LEVEL: 'debug' } },
  );
  let words = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => (words += chunk.toString()));
  const ended = once(child, 'exit').then(() => null);
  const ready = once(child, 'message').then(([message]) => message as Ready);
  const outcome = await Promise.race([ready, ended]);
  if (outcome === null) throw new Error(`the server process ended:\n${words}`);
  return {
    ...outcome,
    said: () => words,
    stop: async () => {
      if (child.exitCode !== null) return;
      child.send('stop');
      await ended;
    },
  };
}
