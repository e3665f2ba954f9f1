import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SUPERUSER } from './cluster-roles.ts';
import { underAccount, type PostgresAccount } from './postgres-account.ts';
import type { PostgresBinaries } from './postgres-binaries.ts';

const LOG_LIMIT_BYTES = 5_000_000;

export function prepareDirectories(dataDir: string): void {
  // 0711: the database account must be able to pass through; what is private inside has its own mode.
  mkdirSync(dataDir, { recursive: true, mode: 0o711 });
  mkdirSync(join(dataDir, 'log'), { recursive: true, mode: 0o700 });
}

export function openLog(dataDir: string): number {
  const path = join(dataDir, 'log', 'postgres.log');
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > LOG_LIMIT_BYTES) renameSync(path, `${path}.1`);
  const log = openSync(path, 'a', 0o600);
  return log;
}

/** A cluster counts as made only under its final name, so a half-made one is never used. */
export function makeCluster(
  binaries: PostgresBinaries,
  account: PostgresAccount,
  cluster: string,
): string | null {
  const unfinished = `${cluster}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { mode: 0o700 });
  if ('uid' in account) chownSync(unfinished, account.uid, account.gid);
  const args = ['-D', unfinished, '-U', SUPERUSER, '-A', 'trust', '-E', 'UTF8'];
  const locale = ['--locale-provider=builtin', '--locale=C.UTF-8'];
  const command = underAccount(account, binaries.initdb, [...args, ...locale]);
  const { file, args: full, ...ids } = command;
  const made = spawnSync(file, [...full], { cwd: tmpdir(), encoding: 'utf8', ...ids });
  if (made.status !== 0) return made.stderr || made.error?.message || 'initdb';
  renameSync(unfinished, cluster);
  return null;
}

/** Short, because a socket address holds 107 bytes; closed to everybody but the two parties. */
export function makeSocketDirectory(account: PostgresAccount): string {
  const directory = mkdtempSync(join(existsSync('/tmp') ? '/tmp' : tmpdir(), 'xks-'));
  chmodSync(directory, 0o700);
  if ('uid' in account) chownSync(directory, account.uid, account.gid);
  return directory;
}
