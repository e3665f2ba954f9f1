import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { BenchRun } from '../bench-run.ts';
import { alone, beside, type Figure } from '../figures.ts';

interface Storm {
  readonly ms: number;
  readonly times: readonly number[];
  readonly failed: number;
}

async function storm(run: BenchRun, file: string, way: 'ours' | 'floor'): Promise<Storm> {
  const client = fork(
    join(import.meta.dirname, '..', 'ward', 'storm-client.ts'),
    [run.ward.origin, file, way],
    {
      execArgv: ['--import', 'tsx'],
    },
  );
  const told = once(client, 'message') as Promise<[Storm]>;
  const ended = once(client, 'exit').then(() => Promise.reject(new Error('the storm ended early')));
  const [found] = await Promise.race([told, ended]);
  return found;
}

/** Half past five in the afternoon: every device at one moment, with session, rules, history; then the bare transaction. */
async function stormOf(run: BenchRun, wards: number, teams: number, label: string): Promise<Figure[]> {
  const { sizes, ward, say } = run;
  const rounds: [number, number][] = [];
  const failed: number[] = [];
  const memory: number[] = [];
  for (let round = 0; round < sizes.rounds; round++) {
    const tag = run.name('storm');
    const file = join(ward.folder, `${tag}.jsonl`);
    const { devices, visits } = sizes;
    await ward.call.storm({ tag, wards, teams, devices, visits, file });
    await ward.call.clearFloor();
    const floor = await storm(run, file, 'floor');
    const ours = await storm(run, file, 'ours');
    rounds.push([ours.ms, floor.ms]);
    failed.push(ours.failed + floor.failed);
    memory.push((await ward.call.stats()).rssMb);
    say(`storm, ${label}: round ${round + 1}`);
  }
  const what = `${sizes.devices} devices × ${sizes.visits}, ${label}`;
  return [
    beside({ row: 'storm', what, unit: 'ms' }, 'one POST, one transaction each', rounds, 2),
    alone({ row: 'storm', what: `failed, ${label}`, unit: '' }, failed, 0),
    alone({ row: 'storm', what: `server memory after, ${label}`, unit: 'MB' }, memory, null),
  ];
}

export async function stormRow(run: BenchRun): Promise<Figure[]> {
  const many = Math.min(18, run.sizes.devices);
  return [...(await stormOf(run, many, 3, `${many} wards`)), ...(await stormOf(run, 1, 25, 'one ward'))];
}
