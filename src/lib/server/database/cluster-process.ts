import { spawn, type ChildProcess } from 'node:child_process';
import { tmpdir } from 'node:os';
import { underAccount, type PostgresAccount } from './postgres-account.ts';
import type { PostgresBinaries } from './postgres-binaries.ts';

export function serverArguments(cluster: string, socketDir: string, tuning: readonly string[]): string[] {
  const settings = [
    'listen_addresses=',
    `unix_socket_directories=${socketDir}`,
    'unix_socket_permissions=0700',
    'max_connections=60',
    'timezone=UTC',
    'log_timezone=UTC',
    // People's words must not reach the log: no statements, no parameters, no key values of violated constraints.
    'log_statement=none',
    'log_min_error_statement=panic',
    'log_error_verbosity=terse',
    'log_parameter_max_length=0',
    'log_parameter_max_length_on_error=0',
    ...tuning,
  ];
  return ['-D', cluster, ...settings.flatMap((setting) => ['-c', setting])];
}

export function launch(
  binaries: PostgresBinaries,
  account: PostgresAccount,
  args: readonly string[],
  log: number,
): ChildProcess {
  const { file, args: full, ...ids } = underAccount(account, binaries.postgres, args);
  // detached: Ctrl-C in the terminal must reach Node alone, which then stops the server in order.
  return spawn(file, [...full], { cwd: tmpdir(), detached: true, stdio: ['ignore', log, log], ...ids });
}
