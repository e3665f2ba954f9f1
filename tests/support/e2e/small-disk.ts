import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmdirSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A disk of so many megabytes that can be filled to its last byte and given room again. */
export interface SmallDisk {
  readonly path: string;
  /** Takes all that is left. */
  fill(): void;
  /** Gives back what `fill` took. */
  empty(): void;
  remove(): void;
}

const BALLAST = 'ballast.bin';

function fillFrom(path: string, size: number): void {
  const file = openSync(join(path, BALLAST), 'a');
  try {
    // Ends with "no space left" for the last single byte.
    for (
      let part = Buffer.alloc(size);
      part.length > 0;
      part = part.subarray(0, Math.floor(part.length / 2))
    ) {
      try {
        for (;;) writeSync(file, part);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      }
    }
  } finally {
    closeSync(file);
  }
}

/** Linux, as root: a tmpfs. A text: why there is none here. */
export function makeSmallDisk(megabytes: number): SmallDisk | string {
  if (process.platform !== 'linux') return 'a small disk is made with tmpfs, which only Linux has';
  const path = mkdtempSync(join(tmpdir(), 'xks-small-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', path], { stdio: 'pipe' });
  } catch (error) {
    rmdirSync(path);
    return `a small disk needs the right to mount: ${String(error).split('\n')[0] ?? ''}`;
  }
  return {
    path,
    fill: () => fillFrom(path, 1 << 20),
    empty: () => rmSync(join(path, BALLAST), { force: true }),
    remove: () => {
      execFileSync('umount', ['--lazy', path]);
      rmdirSync(path);
    },
  };
}
