import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { WardId } from '../../src/lib/domain/record/ids.ts';
import { liveStream } from '../../src/lib/server/live/live-stream.ts';
import { WardWatch } from '../../src/lib/server/live/ward-watch.ts';
import { wardVersions } from '../../src/lib/server/sync/ward-version.ts';
import { plantWard } from '../support/auth-world.ts';
import { testDatabase } from '../support/database.ts';
import type { TestDatabase } from '../support/open-test-database.ts';

let db: TestDatabase;
const home = 'phuong-mau' as WardId;
const away = 'phuong-khac' as WardId;

beforeAll(async () => {
  db = await testDatabase();
  await plantWard(db, home);
  await plantWard(db, away);
});

const hand = () => {
  const works = new Set<() => void>();
  return {
    every: (work: () => void) => {
      works.add(work);
      return () => void works.delete(work);
    },
    running: () => works.size,
    beat: () => [...works].forEach((work) => work()),
  };
};

function watching() {
  const timer = hand();
  const faults: unknown[] = [];
  const asked: (readonly WardId[])[] = [];
  const watch = new WardWatch({
    ask: (wards) => {
      asked.push(wards);
      return wardVersions(db.web, wards);
    },
    every: timer.every,
    onFault: (error) => faults.push(error),
  });
  return { watch, timer, faults, asked };
}

/** Another process on the same database writes, as a second server would. */
async function writeElsewhere(ward: WardId): Promise<void> {
  const script = join(import.meta.dirname, '..', 'support', 'live-writer.ts');
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', script, JSON.stringify({ target: db.targets.web, ward })],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const [code] = (await once(child, 'exit')) as [number | null];
  expect(code).toBe(0);
}

describe('D1 a live page hears of what another process wrote', () => {
  it('within one beat, told to those of that ward only, one question a beat for all', async () => {
    const { watch, timer, asked } = watching();
    const heard: Record<string, number[]> = { first: [], second: [], far: [] };
    const leave = [
      watch.watch(
        home,
        (version) => heard['first']?.push(version),
        () => undefined,
      ),
      watch.watch(
        home,
        (version) => heard['second']?.push(version),
        () => undefined,
      ),
      watch.watch(
        away,
        (version) => heard['far']?.push(version),
        () => undefined,
      ),
    ];
    await expect.poll(() => watch.beat().then(() => heard['far']?.length)).toBe(1);
    const [before = 0] = heard['first'] ?? [];
    await writeElsewhere(home);
    const questions = asked.length;
    await watch.beat();
    expect(asked.length).toBe(questions + 1);
    expect([heard['first']?.at(-1), heard['second']?.at(-1)]).toEqual([before + 1, before + 1]);
    expect(heard['far']).toHaveLength(1);
    leave.forEach((go) => go());
    expect(timer.running()).toBe(0);
    await watch.beat();
    expect(asked.length).toBe(questions + 1);
  });

  it('a database that is away is asked again at the next beat', async () => {
    const timer = hand();
    const faults: unknown[] = [];
    let away = true;
    const watch = new WardWatch({
      ask: () => (away ? Promise.reject(new Error('planted')) : Promise.resolve(new Map([[home, 7]]))),
      every: timer.every,
      onFault: (error) => faults.push(error),
    });
    const heard: number[] = [];
    const leave = watch.watch(
      home,
      (version) => heard.push(version),
      () => undefined,
    );
    await expect.poll(() => faults.length).toBe(1);
    away = false;
    await watch.beat();
    expect(heard).toEqual([7]);
    leave();
  });
});

describe('A1 a live stream lasts as long as its session', () => {
  async function readAll(stream: ReadableStream<Uint8Array>): Promise<string> {
    return new Response(stream).text();
  }

  it('asks at each heartbeat, says over and ends; nothing keeps watching', async () => {
    const { watch, timer } = watching();
    const pulse = hand();
    const answers = [true, false];
    const text = readAll(
      liveStream(watch, {
        ward: home,
        stillIn: () => Promise.resolve(answers.shift() ?? false),
        every: pulse.every,
      }),
    );
    await expect.poll(() => watch.watchers).toBe(1);
    await watch.beat();
    pulse.beat();
    pulse.beat();
    expect(await text).toMatch(/^retry: 3000\n\n[^]*event: over\ndata: \{\}\n\n$/);
    expect([watch.watchers, timer.running(), pulse.running()]).toEqual([0, 0, 0]);
  });

  it('ends when the process stops, and when the page goes away', async () => {
    const { watch, timer } = watching();
    const ask = { ward: home, stillIn: () => Promise.resolve(true), every: hand().every };
    const text = readAll(liveStream(watch, ask));
    const gone = liveStream(watch, ask);
    expect(watch.watchers).toBe(2);
    await gone.cancel();
    expect(watch.watchers).toBe(1);
    watch.close();
    expect(await text).toContain('retry: 3000');
    expect([watch.watchers, timer.running()]).toEqual([0, 0]);
  });
});
