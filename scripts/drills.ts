import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { seededRandom } from '../src/lib/kernel/seeded-random.ts';
import { runBrowserKill } from '../tests/drills/browser-kill.ts';
import { chromiumEngine, firefoxEngine } from '../tests/drills/engines.ts';
import { runServerKill } from '../tests/drills/server-kill.ts';
import { ensureBuilt, ensureInstalled, root } from './prepare.mjs';

/**
 * `npm run drills -- NAME`: the long form of the accidents that `npm test` rehearses shortly. The kill loops take a count
 * and a seed; the others are run as they are, `--rounds` times.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '1' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    /** browser-kill: acknowledged saves. */
    saves: { type: 'string', default: '2000' },
    engine: { type: 'string', default: 'chromium' },
    /** server-kill. */
    kills: { type: 'string', default: '200' },
    mutations: { type: 'string', default: '100000' },
    phones: { type: 'string', default: '6' },
  },
});

const say = (line: string): void => void process.stdout.write(`${line}\n`);

function commit(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim();
  } catch {
    return 'unknown';
  }
}

/** Says what came of it; false when anything was lost or wrong. */
function tell(result: { readonly faults: readonly string[]; readonly lost?: readonly string[] }): boolean {
  const whole = result.faults.length === 0 && (result.lost ?? []).length === 0;
  say(
    JSON.stringify({ drill: positionals[0], commit: commit(), seed: Number(values.seed), whole, ...result }),
  );
  return whole;
}

async function browserKill(): Promise<boolean> {
  const engine = values.engine === 'firefox' ? firefoxEngine() : chromiumEngine();
  if (engine === null) {
    say('no Firefox on this machine');
    return false;
  }
  const random = seededRandom(Number(values.seed));
  return tell(await runBrowserKill({ engine, saves: Number(values.saves), perLife: 40, random, say }));
}

async function serverKill(): Promise<boolean> {
  ensureBuilt();
  const { phones, mutations, kills, seed } = values;
  return tell(
    await runServerKill({
      phones: Number(phones),
      mutations: Number(mutations),
      kills: Number(kills),
      random: seededRandom(Number(seed)),
      say,
    }),
  );
}

function node(...args: readonly string[]): boolean {
  return spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' }).status === 0;
}

/** An end-to-end drill, as `npm test` runs it. */
function spec(name: string): () => Promise<boolean> {
  const cli = join(root, 'node_modules', '@playwright', 'test', 'cli.js');
  return () => Promise.resolve(node(cli, 'test', `${name}.spec.ts`, '--repeat-each', values.rounds));
}

async function store(): Promise<boolean> {
  const cli = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  for (let round = 0; round < Number(values.rounds); round++)
    if (!node(cli, 'run', '--project', 'drills', 'tests/drills/store.test.ts')) return false;
  return Promise.resolve(true);
}

const DRILLS: Readonly<Record<string, () => Promise<boolean>>> = {
  store,
  'browser-kill': browserKill,
  'server-kill': serverKill,
  restore: spec('restore-two-phones'),
  'full-disk': spec('full-disk'),
  'background-sync': spec('background-sync'),
  update: spec('update-full-outbox'),
  phones: spec('emptied-copied-phone'),
  'locked-profile': spec('locked-profile'),
};

ensureInstalled();
const wanted = DRILLS[positionals[0] ?? ''];
if (wanted === undefined) say(`npm run drills -- ${Object.keys(DRILLS).join(' | ')}`);
process.exit(wanted !== undefined && (await wanted()) ? 0 : 1);
