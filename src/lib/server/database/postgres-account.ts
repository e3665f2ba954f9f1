import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { err, ok, type Result } from '$lib/kernel/result.ts';

/**
 * How to run a PostgreSQL program, which refuses the superuser:
 * - `plain`: we are an ordinary user already;
 * - `drop`: the child becomes an unprivileged account;
 * - `search`: the same, keeping only the right to pass closed directories (a project inside a 0700 home);
 * - `namespace`: a user namespace in which the superuser looks like an ordinary account.
 */
export type PostgresAccount =
  | { readonly way: 'plain' }
  | { readonly way: 'drop' | 'search'; readonly uid: number; readonly gid: number }
  | { readonly way: 'namespace' };

/** A command line that runs `program` under the account, and the spawn options that go with it. */
export interface AccountCommand {
  readonly file: string;
  readonly args: readonly string[];
  readonly uid?: number;
  readonly gid?: number;
}

const SEARCH = '+dac_read_search';

export function underAccount(
  account: PostgresAccount,
  program: string,
  args: readonly string[],
): AccountCommand {
  switch (account.way) {
    case 'plain':
      return { file: program, args };
    case 'drop':
      return { file: program, args, uid: account.uid, gid: account.gid };
    case 'namespace':
      return { file: 'unshare', args: ['--user', '--map-user=65534', '--map-group=65534', program, ...args] };
    case 'search': {
      // no_setuid_fixup: otherwise access(2), which initdb relies on, would ignore the kept right.
      const keep = [
        `--inh-caps=-all,${SEARCH}`,
        `--bounding-set=-all,${SEARCH}`,
        '--securebits=+no_setuid_fixup',
      ];
      const who = [`--reuid=${account.uid}`, `--regid=${account.gid}`, '--clear-groups'];
      return { file: 'setpriv', args: [...who, ...keep, `--ambient-caps=-all,${SEARCH}`, program, ...args] };
    }
  }
}

function accountIds(): { uid: number; gid: number } | null {
  const lines = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  for (const name of ['postgres', 'nobody']) {
    const line = lines.find((fields) => fields[0] === name);
    if (line !== undefined) return { uid: Number(line[2]), gid: Number(line[3]) };
  }
  return null;
}

function works(account: PostgresAccount, postgres: string, parent: string): boolean {
  const script = 'cd "$1" && exec "$2" --version';
  const { file, args, ...ids } = underAccount(account, '/bin/sh', ['-c', script, 'sh', parent, postgres]);
  return spawnSync(file, [...args], { cwd: tmpdir(), ...ids }).status === 0;
}

/** Owner of an existing cluster, so that a later start keeps to the account that made it. */
function clusterOwner(cluster: string): { uid: number; gid: number } | null {
  const stat = statSync(cluster, { throwIfNoEntry: false });
  return stat === undefined ? null : { uid: stat.uid, gid: stat.gid };
}

/**
 * Chooses the account for the cluster in `cluster` (which may not exist yet; its parent must).
 * Each way is tried by really running the program, the most restricted first.
 */
export function chooseAccount(
  postgres: string,
  cluster: string,
  parent: string,
): Result<PostgresAccount, { kind: 'foreign_data' | 'no_account'; detail: string }> {
  const self = process.getuid?.() ?? 0;
  const owner = clusterOwner(cluster);
  if (self !== 0) {
    if (owner !== null && owner.uid !== self) return err({ kind: 'foreign_data', detail: cluster });
    return ok({ way: 'plain' });
  }
  const ids = owner ?? accountIds();
  const ways: PostgresAccount[] = [];
  if (ids !== null && ids.uid !== 0) ways.push({ way: 'drop', ...ids }, { way: 'search', ...ids });
  if (owner === null || owner.uid === 0) ways.push({ way: 'namespace' });
  const found = ways.find((way) => works(way, postgres, parent));
  return found === undefined ? err({ kind: 'no_account', detail: parent }) : ok(found);
}
