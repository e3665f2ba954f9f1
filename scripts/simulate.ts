import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { runHistory } from '../tests/simulation/history.ts';

/** `npm run simulate -- --histories N --seed S [--journal FILE] [--resume] [--every N]`: N histories from seed S on. */
const { values } = parseArgs({
  options: {
    histories: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    journal: { type: 'string' },
    resume: { type: 'boolean', default: false },
    every: { type: 'string', default: '1000' },
  },
});

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** The seed after the last one that the journal holds. */
function resumeAt(seed: number, file: string | undefined): number {
  if (!values.resume || file === undefined || !existsSync(file)) return seed;
  const last = readFileSync(file, 'utf8').trim().split('\n').at(-1) ?? '';
  return (JSON.parse(last || '{}') as { next?: number }).next ?? seed;
}

const first = Number(values.seed);
const end = first + Number(values.histories);
const every = Number(values.every);
const began = performance.now();
const sums = { histories: 0, saves: 0, restores: 0, failed: 0 };
for (let seed = resumeAt(first, values.journal); seed < end; seed++) {
  const history = await runHistory(seed);
  sums.histories += 1;
  sums.saves += history.saves;
  sums.restores += history.restores;
  if (history.faults.length > 0) {
    sums.failed += 1;
    say(`seed ${seed} fails:`);
    for (const { checker, what } of history.faults) say(`  ${checker}: ${what}`);
    if (sums.failed <= 3) for (const line of history.trace) say(`  ${line}`);
  }
  if (values.journal !== undefined && ((seed + 1 - first) % every === 0 || seed + 1 === end))
    appendFileSync(values.journal, `${JSON.stringify({ first, next: seed + 1, ...sums })}\n`);
}
const ms = Math.round(performance.now() - began);
say(JSON.stringify({ first, ...sums, ms, msEach: Math.round(ms / Math.max(1, sums.histories)) }));
process.exit(sums.failed > 0 ? 1 : 0);
