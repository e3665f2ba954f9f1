import { closeSync, linkSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { err, ok, type Result } from '$lib/kernel/result.ts';
import { processStart } from './process-identity.ts';

const lockContent = z.object({ pid: z.number().int().positive(), start: z.string() });

/** Held by the one Node process that owns a data directory. */
export interface ServerLock {
  release(): void;
}

function holderOf(text: string): { pid: number; start: string } | null {
  try {
    const parsed = lockContent.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

function readOrNull(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

function create(path: string, text: string): boolean {
  try {
    const file = openSync(path, 'wx', 0o600);
    writeSync(file, text);
    closeSync(file);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

/** Takes away a dead holder's lock; puts it back when in the meantime another start had replaced it. */
function clearStale(path: string, seen: string): void {
  const aside = `${path}.${process.pid}`;
  try {
    renameSync(path, aside);
    if (readOrNull(aside) !== seen) linkSync(aside, path);
  } catch {
    // Somebody else was quicker: the next round sees what is there.
  }
  rmSync(aside, { force: true });
}

/**
 * Claims a data directory for this process. A lock left by a process that no longer lives
 * (kill -9, power cut) is taken over; a living holder is named in the error.
 */
export function claimDirectory(
  directory: string,
): Result<ServerLock, { kind: 'already_running'; pid: number }> {
  const path = join(directory, 'server.lock');
  const mine = JSON.stringify({ pid: process.pid, start: processStart(process.pid) ?? '' });
  for (let round = 0; round < 20; round++) {
    if (create(path, mine)) {
      return ok({
        release: () => {
          if (readOrNull(path) === mine) rmSync(path, { force: true });
        },
      });
    }
    const seen = readOrNull(path);
    if (seen === null) continue;
    const holder = holderOf(seen);
    if (holder !== null && processStart(holder.pid) === holder.start) {
      return err({ kind: 'already_running', pid: holder.pid });
    }
    clearStale(path, seen);
  }
  return err({ kind: 'already_running', pid: 0 });
}
