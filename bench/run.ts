import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { ensureBuilt, root } from '../scripts/prepare.mjs';
import { type BenchRun, FULL, type Sizes, SMOKE, startBench } from './bench-run.ts';
import { type Figure, missedBy } from './figures.ts';
import { coldRow } from './rows/cold-row.ts';
import { keptRows } from './rows/kept-row.ts';
import { saveRow } from './rows/save-row.ts';
import { sendRow, slowRow } from './rows/send-row.ts';
import { sizeRow } from './rows/size-row.ts';
import { stormRow } from './rows/storm-row.ts';
import { tableOf } from './table.ts';

/** By name, in the order in which they run. `kept` brings first pull, +20, reopening and growth: one phone shows them all. */
export const ROWS: Readonly<Record<string, (run: BenchRun) => Promise<Figure[]>>> = {
  size: sizeRow,
  save: saveRow,
  send: sendRow,
  slow: slowRow,
  storm: stormRow,
  cold: coldRow,
  kept: keptRows,
};

interface Options {
  readonly rows: readonly string[];
  readonly smoke: boolean;
  /** Instead of the sizes' own. */
  readonly sizes: Partial<Sizes>;
}

/** `--sizes devices=60,visits=10`: smaller or larger than usual; `--rounds 1` says the same of the rounds. */
function readSizes(args: readonly string[]): Partial<Sizes> {
  const after = (name: string): string | undefined =>
    args.includes(name) ? (args[args.indexOf(name) + 1] ?? '') : undefined;
  const given = after('--sizes')?.split(',') ?? [];
  const rounds = after('--rounds');
  const sizes: Record<string, number | readonly number[]> = {};
  for (const size of rounds === undefined ? given : [...given, `rounds=${rounds}`]) {
    const [name = '', text] = size.split('=');
    const value = Number(text);
    if (!(name in FULL)) throw new Error(`no such size: ${name}; there are ${Object.keys(FULL).join(', ')}`);
    if (!(Number.isInteger(value) && value > 0)) throw new Error(`${name} takes a number`);
    sizes[name] = name === 'kept' ? [value] : value;
  }
  return sizes;
}

export function readOptions(args: readonly string[]): Options {
  const at = args.indexOf('--rows');
  const rows = at < 0 ? Object.keys(ROWS) : (args[at + 1] ?? '').split(',');
  const unknown = rows.filter((row) => !(row in ROWS));
  if (unknown.length > 0)
    throw new Error(`no such row: ${unknown.join(', ')}; there are ${Object.keys(ROWS).join(', ')}`);
  return { rows, smoke: args.includes('--smoke'), sizes: readSizes(args) };
}

function commit(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim();
  } catch {
    return 'unknown';
  }
}

/** What a figure is worth is known only with the machine it was measured on. */
function machine(): Readonly<Record<string, string | number>> {
  const processors = cpus();
  return {
    commit: commit(),
    node: process.version,
    processors: processors.length,
    processor: processors[0]?.model.trim() ?? 'unknown',
    memoryGb: Math.round(totalmem() / 2 ** 30),
  };
}

/** Runs rows one after the other; what fails is told and does not take the others with it. */
export async function measure(
  { rows, smoke, sizes }: Options,
  say: (line: string) => void,
): Promise<{ figures: Figure[]; failed: string[] }> {
  const run = await startBench({ ...(smoke ? SMOKE : FULL), ...sizes }, say);
  const figures: Figure[] = [];
  const failed: string[] = [];
  try {
    for (const name of rows) {
      say(`row ${name}`);
      try {
        figures.push(...((await ROWS[name]?.(run)) ?? []));
      } catch (error) {
        failed.push(`${name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      }
    }
  } finally {
    await run.ward.stop();
  }
  return { figures, failed };
}

/** `npm run bench`: progress, then a table, and the same as JSON under bench/results/. */
export async function bench(args: readonly string[]): Promise<void> {
  const options = readOptions(args);
  ensureBuilt();
  const started = Date.now();
  const say = (line: string): void =>
    console.log(`${String(Math.round((Date.now() - started) / 1000)).padStart(5)} s  ${line}`);
  const { figures, failed } = await measure(options, say);
  const folder = join(root, 'bench', 'results');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${new Date().toISOString().replaceAll(':', '-').slice(0, 19)}.json`);
  const missed = figures.filter((figure) => missedBy(figure) !== null).length;
  writeFileSync(file, JSON.stringify({ ...machine(), ...options, figures, failed }, null, 1));
  console.log(`\n${tableOf(figures)}\n`);
  for (const line of failed) console.error(`failed: ${line}`);
  console.log(`${figures.length} figures, ${missed} goals missed, ${failed.length} rows failed; ${file}`);
  process.exitCode = failed.length > 0 ? 1 : 0;
}
