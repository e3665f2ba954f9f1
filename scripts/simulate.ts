import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { runHistory } from '../tests/simulation/history.ts';
import { shrink } from '../tests/simulation/shrink.ts';

/**
 * `npm run simulate -- --histories N --seed S`: N histories from seed S on, on two cores. `--journal FILE` keeps a line
 * after each 1,000 and at the end, `--resume` goes on after the last of them, `--no-shrink` prints failures as they are.
 */
const { values } = parseArgs({
  allowNegative: true,
  options: {
    histories: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    journal: { type: 'string' },
    resume: { type: 'boolean', default: false },
    cores: { type: 'string', default: '2' },
    shrink: { type: 'boolean', default: true },
    /** For the workers this script starts: every so manyth seed. */
    step: { type: 'string', default: '1' },
    worker: { type: 'boolean', default: false },
  },
});

interface Told {
  readonly seed: number;
  readonly saves: number;
  readonly restores: number;
  readonly failure: string | null;
}

const EVERY = 1000;
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const first = Number(values.seed);
const end = first + Number(values.histories);

function tellFailure(seed: number, history: Awaited<ReturnType<typeof runHistory>>): string {
  const faults = history.faults.map(({ checker, what }) => `  ${checker}: ${what}`);
  return [`seed ${seed} fails:`, ...faults, ...history.trace.map((line) => `  ${line}`)].join('\n');
}

async function worker(): Promise<void> {
  for (let seed = first; seed < end; seed += Number(values.step)) {
    const history = await runHistory(seed);
    const failed = history.faults.length > 0;
    const shrunken = failed && values.shrink ? await shrink(seed) : null;
    const failure = failed ? tellFailure(seed, shrunken?.history ?? history) : null;
    const told: Told = { seed, saves: history.saves, restores: history.restores, failure };
    say(JSON.stringify(told));
  }
}

/** The first seed that the journal does not hold as done. */
function begin(): number {
  const file = values.journal;
  if (!values.resume || file === undefined || !existsSync(file)) return first;
  const last = readFileSync(file, 'utf8').trim().split('\n').at(-1) ?? '';
  return (JSON.parse(last === '' ? '{}' : last) as { next?: number }).next ?? first;
}

function commit(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  } catch {
    return 'unknown';
  }
}

function startWorker(from: number, cores: number): ChildProcess {
  const script = fileURLToPath(import.meta.url);
  const args = [
    '--import',
    'tsx',
    script,
    '--worker',
    '--seed',
    String(from),
    '--histories',
    String(end - from),
  ];
  const more = ['--step', String(cores), values.shrink ? '--shrink' : '--no-shrink'];
  return spawn(process.execPath, [...args, ...more], { stdio: ['ignore', 'pipe', 'inherit'] });
}

async function main(): Promise<number> {
  const began = performance.now();
  const from = begin();
  const cores = Math.max(1, Math.min(Number(values.cores), end - from));
  const done = new Set<number>();
  const sums = { histories: 0, saves: 0, restores: 0, failed: 0 };
  const summary = { commit: commit(), first: from };
  let next = from;
  const take = (told: Told): void => {
    done.add(told.seed);
    sums.histories += 1;
    sums.saves += told.saves;
    sums.restores += told.restores;
    if (told.failure !== null) sums.failed += 1;
    if (told.failure !== null) say(told.failure);
    for (; done.delete(next); next += 1) {
      const due = (next + 1 - from) % EVERY === 0 || next + 1 === end;
      if (values.journal !== undefined && due)
        appendFileSync(values.journal, `${JSON.stringify({ ...summary, next: next + 1, ...sums })}\n`);
    }
  };
  const workers = Array.from({ length: cores }, (_, at) => startWorker(from + at, cores));
  const codes = await Promise.all(
    workers.map(async (child) => {
      const ended = new Promise<number>((resolve) => child.on('exit', (code) => resolve(code ?? 1)));
      if (child.stdout !== null)
        for await (const line of createInterface({ input: child.stdout })) take(JSON.parse(line) as Told);
      return ended;
    }),
  );
  const ms = Math.round(performance.now() - began);
  say(
    JSON.stringify({ ...summary, next, ...sums, ms, msEach: Math.round(ms / Math.max(1, sums.histories)) }),
  );
  return sums.failed > 0 || codes.some((code) => code !== 0) ? 1 : 0;
}

if (values.worker) await worker();
process.exit(values.worker ? 0 : await main());
