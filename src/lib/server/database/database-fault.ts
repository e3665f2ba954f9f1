import postgres from 'postgres';

/** What a database fault means to the caller; anything else is a bug and stays an exception. */
export type DatabaseFault = 'busy' | 'unreachable' | 'duplicate' | 'full' | 'other';

const BUSY = new Set(['55P03', '57014', '40001', '40P01', '25P03']);
const UNREACHABLE = new Set([
  '57P01',
  '57P02',
  '57P03',
  '08000',
  '08001',
  '08003',
  '08006',
  '53300',
  'CONNECTION_CLOSED',
  'CONNECTION_ENDED',
  'CONNECTION_DESTROYED',
  'CONNECT_TIMEOUT',
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT',
  'EPIPE',
  'ENOTFOUND',
  'ETIMEDOUT',
]);
const FULL = new Set(['53100', '53200', '53400', 'ENOSPC']);

/** Sorts an exception thrown by the driver. `busy` and `unreachable` may be tried again by the sender. */
export function databaseFault(error: unknown): DatabaseFault {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (BUSY.has(code)) return 'busy';
  if (UNREACHABLE.has(code)) return 'unreachable';
  if (FULL.has(code)) return 'full';
  if (error instanceof postgres.PostgresError && code === '23505') return 'duplicate';
  return 'other';
}
