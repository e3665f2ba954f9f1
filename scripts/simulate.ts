import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startCluster } from '../tests/support/database-cluster.ts';
import { JournalFault, openJournal, type Sums } from '../tests/simulation/journal.ts';
import { runSeed, type Told } from '../tests/simulation/run-seed.ts';
import { makeQuick } from '../tests/simulation/quick-runtime.ts';

/**
 * `npm run simulate -- --histories N --seed S`: N histories from seed S on, on two cores (`--cores`). `--journal FILE`
 * keeps a line after each 1,000 (`--every`) and at the end; `--resume` goes on after its last line, if it is of this very commit.
 * `--postgres` runs every seed on the embedded PostgreSQL as well and holds all that the ward has at the end against memory.
 * `--no-shrink` prints failures as they are.
 */
const { values } = parseArgs({
  allowNegative: true,
  options: {
    histories: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    journal: { type: 'string' },
    every: { type: 'string', default: '1000' },
    resume: { type: 'boolean', default: false },
    postgres: { type: 'boolean', default: false },
    cores: { type: 'string', default: '2' },
    shrink: { type: 'boolean', default: true },
    /** For the workers this script starts: every so manyth seed, and where the cluster is. */
    step: { type: 'string', default: '1' },
    cluster: { type: 'string' },
    worker: { type: 'boolean', default: false },
  },
});

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const first = Number(values.seed);
const end = first + Number(values.histories);
const options = { shrink: values.shrink, cluster: values.cluster ?? null };

async function worker(): Promise<void> {
  makeQuick();
  for (let seed = first; seed < end; seed += Number(values.step))
    say(JSON.stringify(await runSeed(seed, options)));
}

/** The commit, marked when the files are not quite its own. */
function commit(): string {
  const git = (...args: string[]): string => execFileSync('git', args, { encoding: 'utf8' }).trim();
  try {
    const changed = git('status', '--porcelain', '--untracked-files=no') !== '';
    return git('rev-parse', '--short=12', 'HEAD') + (changed ? '-changed' : '');
  } catch {
    return 'unknown';
  }
}

function startWorker(from: number, cores: number, cluster: string | null): ChildProcess {
  const seeds = ['--seed', String(from), '--histories', String(end - from), '--step', String(cores)];
  const more = [
    values.shrink ? '--shrink' : '--no-shrink',
    ...(cluster === null ? [] : ['--cluster', cluster]),
  ];
  // A larger nursery: what a history makes is garbage at its end.
  const node = ['--max-semi-space-size=64', '--import', 'tsx', fileURLToPath(import.meta.url)];
  return spawn(process.execPath, [...node, '--worker', ...seeds, ...more], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

async function listen(child: ChildProcess, take: (told: Told) => void): Promise<number> {
  const ended = new Promise<number>((resolve) => child.on('exit', (code) => resolve(code ?? 1)));
  if (child.stdout !== null)
    for await (const line of createInterface({ input: child.stdout })) take(JSON.parse(line) as Told);
  return ended;
}

function tellSums(sums: Sums): void {
  say(JSON.stringify({ ...sums, msEach: Math.round(sums.ms / Math.max(1, sums.histories)) }));
}

async function main(): Promise<number> {
  const journal = openJournal({
    file: values.journal ?? null,
    resume: values.resume,
    run: { commit: commit(), first, postgres: values.postgres },
    end,
    every: Number(values.every),
  });
  const { from } = journal;
  const cores = Math.max(1, Math.min(Number(values.cores), end - from));
  const database = values.postgres ? await startCluster() : null;
  const place = database === null ? null : JSON.stringify(database.cluster);
  const take = (told: Told): void => {
    if (told.failure !== null) say(told.failure);
    journal.take(told);
  };
  const workers = Array.from({ length: cores }, (_, at) => startWorker(from + at, cores, place));
  const codes = await Promise.all(workers.map((child) => listen(child, take)));
  await database?.stop();
  const sums = journal.sums();
  tellSums(sums);
  return sums.failed > 0 || sums.next < end || codes.some((code) => code !== 0) ? 1 : 0;
}

async function run(): Promise<number> {
  try {
    return await main();
  } catch (error) {
    if (!(error instanceof JournalFault)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 2;
  }
}

if (values.worker) await worker();
process.exit(values.worker ? 0 : await run());
