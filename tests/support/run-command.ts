import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');
/** No setting of the machine the test runs on reaches the command. */
const BLANK = {
  HOST: 'localhost',
  PORT: '0',
  ORIGIN: '',
  PUBLIC_ORIGIN: '',
  TLS_CERT: '',
  TLS_KEY: '',
  DATABASE_URL: '',
  DEMO_PUBLIC: '',
};

/** How a command of ours ended (null: by a signal), and everything it printed. */
export interface CommandEnd {
  readonly code: number | null;
  readonly said: string;
}

/** `node …args` in the project's folder, as an operator runs it: a process of its own; `input` is what is typed, to its end. */
export async function runCommand(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  input = '',
): Promise<CommandEnd> {
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { ...process.env, NODE_ENV: '', ...BLANK, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  child.stdin.end(input);
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, said };
}
