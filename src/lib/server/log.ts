import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { redact } from './redact.ts';
import { LOG_LEVELS } from './settings/settings.ts';

/**
 * The one log: JSON lines of who (ids), what, when, with which result. Addresses are logged as route patterns, never
 * as typed; bodies, names and addresses of browsers never. Whatever slips into a message is redacted.
 */
const asked = process.env['LOG_LEVEL'] ?? '';

const log = pino(
  {
    level: (LOG_LEVELS as readonly string[]).includes(asked) ? asked : 'info',
    base: { pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
  },
  { write: (line: string) => void process.stdout.write(redactLine(line)) },
);

/** The time stamp and the ids are ours; every other text of a line goes through the redactor. */
export function redactLine(line: string): string {
  return JSON.stringify(JSON.parse(line), (key, value: unknown) =>
    typeof value === 'string' && key !== 'time' && key !== 'id' ? redact(value) : value,
  ).concat('\n');
}

export function newRequestId(): string {
  return randomUUID();
}

export interface RequestLine {
  readonly id: string;
  readonly method: string;
  /** The route's pattern, such as `/filings/[id]`; null when there is none. */
  readonly route: string | null;
  readonly status: number;
  readonly ms: number;
}

export function logRequest(line: RequestLine): void {
  const level = line.status >= 500 ? 'error' : line.status >= 400 ? 'info' : 'debug';
  log[level]({ ...line, ms: Math.round(line.ms) }, 'request');
}

/** A bug or a machine's failure: its kind and where, for the people who mend it. */
export function logFault(
  error: unknown,
  where: { readonly id: string; readonly route: string | null },
): void {
  const known = error instanceof Error ? error : new Error('not an error object');
  const code = 'code' in known ? String(known.code) : null;
  log.error({ ...where, name: known.name, code, fault: known.message, stack: known.stack }, 'fault');
}

/** Something an administrator should know of; `facts` hold ids and counts only. */
export function logNotice(
  what: string,
  facts: Readonly<Record<string, string | number | boolean | null>>,
): void {
  log.info(facts, what);
}
