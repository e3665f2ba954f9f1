import type { TestCluster } from '../support/database-cluster.ts';
import { openTestDatabase, type TestDatabase } from '../support/open-test-database.ts';
import { emptyDatabase, postgresServer } from '../support/sync-postgres.ts';
import { pictureDifferences } from '../support/ward-picture.ts';
import { type History, runHistory } from './history.ts';
import { shrink } from './shrink.ts';

/** What is told of one seed. */
export interface Told {
  readonly seed: number;
  readonly saves: number;
  readonly restores: number;
  readonly failure: string | null;
}

export interface SeedOptions {
  readonly shrink: boolean;
  /** Where real PostgreSQL is, as JSON; null: in memory only. */
  readonly cluster: string | null;
}

export function tellFailure(seed: number, history: History, where = ''): string {
  const faults = history.faults.map(({ checker, what }) => `  ${checker}: ${what}`);
  return [`seed ${seed}${where} fails:`, ...faults, ...history.trace.map((line) => `  ${line}`)].join('\n');
}

let database: Promise<TestDatabase> | null = null;

/** The same history on real PostgreSQL. The database serves one history after another. */
export async function onPostgres(db: TestDatabase, seed: number): Promise<History> {
  await emptyDatabase(db);
  return runHistory(seed, { server: () => postgresServer(db, seed) });
}

/** Of what differs, so much is told. */
const TOLD = 8;

/** What differs between the two stores at the end, outcomes and tables; null: nothing. */
export async function difference(seed: number, memory: History, real: History): Promise<string | null> {
  if (real.faults.length > 0) return tellFailure(seed, real, ' on PostgreSQL');
  const at = memory.outcomes.findIndex((outcome, index) => outcome !== real.outcomes[index]);
  if (at >= 0 || memory.outcomes.length !== real.outcomes.length)
    return `seed ${seed} ends otherwise on PostgreSQL:\n  ${memory.outcomes[at]}\n  ${real.outcomes[at]}`;
  const other = pictureDifferences(await memory.picture(), await real.picture());
  if (other.length === 0) return null;
  return [
    `seed ${seed}: ${other.length} of what the ward holds is otherwise on PostgreSQL:`,
    ...other.slice(0, TOLD),
  ].join('\n  ');
}

/** One seed in memory and, where there is a cluster, on PostgreSQL. A failing history is shrunken first. */
export async function runSeed(seed: number, options: SeedOptions): Promise<Told> {
  const history = await runHistory(seed);
  const { saves, restores } = history;
  if (history.faults.length > 0) {
    const shrunken = options.shrink ? await shrink(seed) : null;
    return { seed, saves, restores, failure: tellFailure(seed, shrunken?.history ?? history) };
  }
  if (options.cluster === null) return { seed, saves, restores, failure: null };
  database ??= openTestDatabase(JSON.parse(options.cluster) as TestCluster);
  const real = await onPostgres(await database, seed);
  return { seed, saves, restores, failure: await difference(seed, history, real) };
}
