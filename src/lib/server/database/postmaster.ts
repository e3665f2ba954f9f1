import { readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { processCommand, processesIn, processStart } from './process-identity.ts';

const POLL_MS = 20;
const PATIENCE_MS = 10_000;

/** What PostgreSQL itself notes in its data directory. */
interface PostmasterNote {
  readonly pid: number;
  readonly ready: boolean;
  readonly socketDir: string;
}

function readNote(cluster: string): PostmasterNote | null {
  try {
    const lines = readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n');
    const pid = Number(lines[0]);
    return Number.isInteger(pid) && pid > 1
      ? { pid, ready: lines[7]?.trim() === 'ready', socketDir: lines[4] ?? '' }
      : null;
  } catch {
    return null;
  }
}

/**
 * Resolves true once the server `pid` takes connections, false when it ends before that.
 * The note must be its own: after a crash the predecessor's still says "ready".
 */
export async function untilReady(cluster: string, pid: number, alive: () => boolean): Promise<boolean> {
  while (alive()) {
    const note = readNote(cluster);
    if (note?.pid === pid && note.ready) return true;
    await pause(POLL_MS);
  }
  return false;
}

/** The socket directory of the server that works in `cluster` right now; null when none does. */
export function runningSocket(cluster: string): string | null {
  const note = readNote(cluster);
  return note?.ready === true && processStart(note.pid) !== null ? note.socketDir : null;
}

/** Waits until a process is gone; false when it still lives after `ms`. */
export async function untilGone(pid: number, ms: number): Promise<boolean> {
  const start = processStart(pid);
  for (let waited = 0; waited < ms; waited += POLL_MS) {
    if (start === null || processStart(pid) !== start) return true;
    await pause(POLL_MS);
  }
  return processStart(pid) !== start;
}

function signalQuietly(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // Gone between look and signal, or not ours to signal: the wait that follows tells which.
  }
}

/** Workers outlive a killed server for a moment and hold its shared memory, over which a new one refuses to start. */
async function endWorkers(cluster: string): Promise<boolean> {
  const left = processesIn(cluster);
  for (const pid of left) signalQuietly(pid, 'SIGQUIT');
  const gone = await Promise.all(left.map(async (pid) => await untilGone(pid, PATIENCE_MS)));
  return gone.every((value) => value);
}

async function endServer(pid: number): Promise<boolean> {
  // Fast shutdown first; then immediate, which is safe (recovery from the log) but slower to come back.
  for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
    signalQuietly(pid, signal);
    if (await untilGone(pid, PATIENCE_MS)) return true;
  }
  return false;
}

/** PostgreSQL believes in any process of the noted id, even in a dead one nobody has collected, or a stranger. */
function looksAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/**
 * Ends a server whose Node died without a word. Called only by the holder of the server lock.
 * @returns whether the directory is free now.
 */
export async function endOrphan(cluster: string, options: { keepSocket?: boolean } = {}): Promise<boolean> {
  const note = readNote(cluster);
  if (note === null) return await endWorkers(cluster);
  const ours = processStart(note.pid) !== null && processCommand(note.pid).includes(cluster);
  if (ours && !(await endServer(note.pid))) return false;
  if (!(await endWorkers(cluster))) return false;
  // Nobody works in the directory any more, so whoever carries that id now is not its server.
  if (looksAlive(note.pid)) rmSync(join(cluster, 'postmaster.pid'), { force: true });
  // A short private directory in the system's temporary place, left behind by the Node that died.
  if (options.keepSocket === true) return true;
  if (basename(note.socketDir).startsWith('xks-')) rmSync(note.socketDir, { recursive: true, force: true });
  return true;
}
