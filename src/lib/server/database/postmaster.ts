import { readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { processCommand, processStart } from './process-identity.ts';

const POLL_MS = 20;

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

/** Resolves true once the server takes connections, false when the process ends before that. */
export async function untilReady(cluster: string, alive: () => boolean): Promise<boolean> {
  while (alive()) {
    if (readNote(cluster)?.ready === true) return true;
    await pause(POLL_MS);
  }
  return false;
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

/**
 * Ends a server whose Node died without a word. Called only by the holder of the server lock.
 * A note whose process id now belongs to some other program is removed: PostgreSQL would refuse to start over it.
 * @returns whether the directory is free now.
 */
export async function endOrphan(cluster: string): Promise<boolean> {
  const note = readNote(cluster);
  if (note === null) return true;
  // A short private directory in the system's temporary place, left behind by the Node that died.
  const dropSocket = (): void => {
    if (basename(note.socketDir).startsWith('xks-')) rmSync(note.socketDir, { recursive: true, force: true });
  };
  if (processStart(note.pid) === null) {
    dropSocket();
    return true;
  }
  if (!processCommand(note.pid).includes(cluster)) {
    rmSync(join(cluster, 'postmaster.pid'), { force: true });
    return true;
  }
  // Fast shutdown first; then immediate, which is safe (recovery from the log) but slower to come back.
  for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
    try {
      process.kill(note.pid, signal);
    } catch {
      // Gone between look and signal, or not ours to signal: the wait below tells which.
    }
    if (await untilGone(note.pid, 10_000)) {
      dropSocket();
      return true;
    }
  }
  return false;
}
