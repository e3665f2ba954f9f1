import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import type { Told } from './run-seed.ts';

/** Which run a journal is of: only the same goes on in it. */
export interface RunName {
  readonly commit: string;
  readonly first: number;
  readonly postgres: boolean;
}

/** A line of the journal: everything up to, not including, the seed `next`. */
export interface Sums extends RunName {
  readonly next: number;
  readonly histories: number;
  readonly saves: number;
  readonly restores: number;
  readonly failed: number;
  readonly failedSeeds: readonly number[];
  /** Time in all, the resumed runs together. */
  readonly ms: number;
}

export class JournalFault extends Error {}

export interface JournalOptions {
  /** Null: nothing is kept. */
  readonly file: string | null;
  readonly resume: boolean;
  readonly run: RunName;
  readonly end: number;
  /** Seeds to a line, where it is not 1,000. */
  readonly every?: number;
}

export interface Journal {
  /** The first seed that is not done. */
  readonly from: number;
  /** In any order; lines are written in the order of seeds. */
  take(told: Told): void;
  sums(): Sums;
}

/** Seeds to a line. */
const EVERY = 1000;

function nothingYet(run: RunName): Sums {
  return { ...run, next: run.first, histories: 0, saves: 0, restores: 0, failed: 0, failedSeeds: [], ms: 0 };
}

/** A line that a kill has cut is no line. */
function lastLine(file: string): Sums | null {
  for (const line of readFileSync(file, 'utf8').trim().split('\n').reverse()) {
    try {
      if (line !== '') return JSON.parse(line) as Sums;
    } catch {
      continue;
    }
  }
  return null;
}

function standing({ file, resume, run }: JournalOptions): Sums {
  const last = file !== null && existsSync(file) ? lastLine(file) : null;
  if (last === null) return nothingYet(run);
  if (!resume)
    throw new JournalFault(`${file} holds a run already: go on with --resume, or name another file`);
  if (last.commit !== run.commit || last.first !== run.first || last.postgres !== run.postgres)
    throw new JournalFault(
      `${file} is of commit ${last.commit} from seed ${last.first}, this is ${run.commit} from seed ${run.first}: name another file`,
    );
  return last;
}

function plus(sums: Sums, { seed, saves, restores, failure }: Told): Sums {
  const failed = failure === null ? 0 : 1;
  return {
    ...sums,
    next: seed + 1,
    histories: sums.histories + 1,
    saves: sums.saves + saves,
    restores: sums.restores + restores,
    failed: sums.failed + failed,
    failedSeeds: failed === 0 ? sums.failedSeeds : [...sums.failedSeeds, seed],
  };
}

export function openJournal(options: JournalOptions, now: () => number = () => performance.now()): Journal {
  const { file, run, end, every = EVERY } = options;
  const began = now();
  const before = standing(options);
  // A line that a kill has cut is left to itself.
  if (file !== null && existsSync(file) && !/(^|\n)$/.test(readFileSync(file, 'utf8')))
    appendFileSync(file, '\n');
  const early = new Map<number, Told>();
  let done = before;
  const sums = (): Sums => ({ ...done, ms: before.ms + Math.round(now() - began) });
  const write = (): void => {
    if (file === null) return;
    const all = sums();
    const msEach = Math.round(all.ms / Math.max(1, all.histories));
    appendFileSync(file, `${JSON.stringify({ ...all, msEach })}\n`);
  };
  return {
    from: before.next,
    sums,
    take: (told) => {
      early.set(told.seed, told);
      for (let next = early.get(done.next); next !== undefined; next = early.get(done.next)) {
        early.delete(next.seed);
        done = plus(done, next);
        if ((done.next - run.first) % every === 0 || done.next === end) write();
      }
    },
  };
}
