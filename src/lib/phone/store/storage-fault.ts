import Dexie from 'dexie';
import { err, ok, type Result } from '../../kernel/result.ts';

/** Why storage would not take or give something: a closed set, each with its own words on screen. */
export type StorageFault =
  | { readonly kind: 'disk_full' }
  /** The browser lost its storage process: reopening helps once, then only a reload. */
  | { readonly kind: 'connection_lost' }
  /** A newer build has written here; this tab may only read. */
  | { readonly kind: 'newer_app' }
  | { readonly kind: 'storage_failed'; readonly name: string };

/** Thrown inside a transaction to abort it with an expected fault; nothing of the transaction stays. */
export class Abort<E> extends Error {
  readonly fault: E;
  constructor(fault: E) {
    super('aborted');
    this.name = 'Abort';
    this.fault = fault;
  }
}

const KINDS: Readonly<Record<string, StorageFault['kind']>> = {
  VersionError: 'newer_app',
  DatabaseClosedError: 'connection_lost',
  InvalidStateError: 'connection_lost',
  UnknownError: 'connection_lost',
  OpenFailedError: 'connection_lost',
};

/**
 * All names of an error: Dexie says `AbortError` and keeps the reason in `inner`, or `BulkError` and keeps one reason a
 * row in `failures` (a full disk, above all, says it in either way).
 */
function namesOf(error: unknown, depth = 0): string[] {
  if (depth >= 6 || typeof error !== 'object' || error === null) return [];
  const { name, inner, failures } = error as { name?: unknown; inner?: unknown; failures?: unknown };
  const first: unknown = Array.isArray(failures) ? failures[0] : undefined;
  const causes = [inner, first];
  return [
    ...(typeof name === 'string' ? [name] : []),
    ...causes.flatMap((cause) => namesOf(cause, depth + 1)),
  ];
}

export function storageFaultOf(error: unknown): StorageFault {
  const names = namesOf(error);
  if (names.includes('QuotaExceededError')) return { kind: 'disk_full' };
  for (const wanted of ['newer_app', 'connection_lost'] as const) {
    if (names.some((name) => KINDS[name] === wanted)) return { kind: wanted };
  }
  // A commit that was broken off, and nothing says why: there was no room for it (Chromium on a full disk).
  if (names.includes('AbortError')) return { kind: 'disk_full' };
  return { kind: 'storage_failed', name: names.at(-1) ?? 'unknown' };
}

/** Dexie's and the browser's own errors; anything else that is thrown is a bug. */
function isStorageError(error: unknown): boolean {
  return (
    error instanceof Dexie.DexieError ||
    (typeof DOMException !== 'undefined' && error instanceof DOMException)
  );
}

/** Runs work on the database and turns what storage throws, and what the work aborts with, into a value. */
export async function attempt<T, E = never>(run: () => PromiseLike<T>): Promise<Result<T, StorageFault | E>> {
  try {
    return ok(await run());
  } catch (error) {
    if (error instanceof Abort) return err(error.fault as E);
    if (!isStorageError(error)) throw error;
    return err(storageFaultOf(error));
  }
}
