import type { BenchRun } from '../bench-run.ts';
import { alone, beside, type Figure, quantile } from '../figures.ts';
import { costOf } from '../ward/ward-client.ts';

/** All that is asked of a phone that comes to hold so many rows. */
interface Kept {
  readonly rows: number;
  readonly pull: readonly [ours: number, floor: number];
  readonly firstList: number;
  readonly down: number;
  readonly floorDown: number;
  readonly requests: number;
  readonly heapMb: number;
  readonly more: readonly [ours: number, floor: number];
  readonly moreDown: number;
  readonly moreRequests: number;
  readonly list: readonly [ours: number, dexie: number];
  readonly reopen: readonly [ours: number, dexie: number];
  readonly save: readonly [ours: number, raw: number];
  readonly seen: readonly [ours: number, dexie: number];
}

const ADDED = 20;

async function keptOnce(run: BenchRun, place: string, rows: number, ahead: number): Promise<Kept> {
  const { ward, sizes } = run;
  return run.browse(async (browser) => {
    const page = await browser.phone();
    await page.call('enrol', await ward.call.invitation(place));
    const floor = await costOf(ward, () => page.call('pullFloor'));
    const ours = await costOf(ward, () => page.peakHeap(() => page.call('pull')));
    const { ms, firstListMs, count } = ours.value.value;
    if (count < rows) throw new Error(`the phone holds ${count} of ${rows}`);
    await ward.call.seed(place, ADDED, ahead, true);
    const moreFloor = await page.call('pullFloor');
    const more = await costOf(ward, () => page.call('pull'));
    const lists = await page.call('lists', 20);
    const saves = await page.call('saves', sizes.saves, ahead);
    await page.close();
    const again = await browser.phone(false);
    const reopened = await again.call('reopen');
    const p50 = (of: 'ours' | 'raw' | 'dexie', what: 'saved' | 'seen'): number =>
      quantile(
        saves[of].map((time) => time[what]),
        0.5,
      );
    return {
      rows,
      pull: [ms, floor.value.ms],
      firstList: firstListMs,
      down: ours.cost.down,
      floorDown: floor.cost.down,
      requests: ours.cost.requests,
      heapMb: ours.value.peakMb,
      more: [more.value.ms, moreFloor.ms],
      moreDown: more.cost.down,
      moreRequests: more.cost.requests,
      list: [quantile(lists.ours, 0.5), quantile(lists.dexie, 0.5)],
      reopen: [reopened.ours, reopened.dexie],
      save: [p50('ours', 'saved'), p50('raw', 'saved')],
      seen: [p50('ours', 'seen'), p50('dexie', 'seen')],
    };
  });
}

/** First pull, what follows it, and how each grows with what is kept. */
export async function keptRows(run: BenchRun): Promise<Figure[]> {
  const { sizes, ward, say } = run;
  const found: Kept[][] = [];
  for (const rows of sizes.kept) {
    const place = run.name('kept');
    await ward.call.clearFloor();
    await ward.call.seed(place, rows, 0, true);
    say(`kept: ${rows.toLocaleString('en')} rows seeded`);
    const rounds: Kept[] = [];
    for (let round = 0; round < sizes.rounds; round++) {
      rounds.push(await keptOnce(run, place, rows, rows + round * ADDED));
      say(`kept ${rows.toLocaleString('en')}: round ${round + 1}`);
    }
    found.push(rounds);
  }
  const most = found.at(-1) ?? [];
  return [...atMost(most), ...growth(found)];
}

const named = (rows: number): string => `${rows.toLocaleString('en')} rows`;

function atMost(rounds: readonly Kept[]): Figure[] {
  const at = named(rounds[0]?.rows ?? 0);
  const pairs = (of: 'pull' | 'more' | 'list' | 'reopen' | 'save' | 'seen') => rounds.map((kept) => kept[of]);
  const row = 'pull';
  return [
    beside({ row, what: `first pull of ${at}`, unit: 'ms' }, 'one GET, Dexie bulkPut', pairs('pull'), 1.2),
    alone(
      { row, what: 'first list while it pulls', unit: 'ms' },
      rounds.map((kept) => kept.firstList),
      100,
    ),
    alone(
      { row, what: 'peak heap above the start', unit: 'MB' },
      rounds.map((kept) => kept.heapMb),
      40,
    ),
    beside(
      { row, what: 'bytes down', unit: 'B' },
      'the same rows, gzip',
      rounds.map((kept) => [kept.down, kept.floorDown]),
      null,
    ),
    alone(
      { row, what: 'requests', unit: '' },
      rounds.map((kept) => kept.requests),
      null,
    ),
    beside({ row: 'more', what: `+${ADDED} with ${at}`, unit: 'ms' }, 'one GET, bulkPut', pairs('more'), 1.3),
    alone(
      { row: 'more', what: 'bytes down', unit: 'B' },
      rounds.map((kept) => kept.moreDown),
      5000,
    ),
    alone(
      { row: 'more', what: 'requests', unit: '' },
      rounds.map((kept) => kept.moreRequests),
      1,
    ),
    beside({ row: 'reopen', what: `open and first list, ${at}`, unit: 'ms' }, 'Dexie', pairs('reopen'), 2),
    beside(
      { row: 'save', what: `save one visit with ${at}, p50`, unit: 'ms' },
      'raw strict',
      pairs('save'),
      2,
    ),
    beside(
      { row: 'save', what: `list shows it with ${at}, p50`, unit: 'ms' },
      'Dexie live query',
      pairs('seen'),
      3,
    ),
  ];
}

/** Each size beside the smallest: what does not grow stays near 1. */
function growth(found: readonly (readonly Kept[])[]): Figure[] {
  const [least, ...larger] = found;
  if (least === undefined) return [];
  const costs = {
    'save, p50': (kept: Kept) => kept.save[0],
    'list of 50': (kept: Kept) => kept.list[0],
    [`+${ADDED}`]: (kept: Kept) => kept.more[0],
    'open and first list': (kept: Kept) => kept.reopen[0],
  };
  return larger.flatMap((rounds) =>
    Object.entries(costs).map(([what, cost]) =>
      beside(
        { row: 'growth', what: `${what}, ${named(rounds[0]?.rows ?? 0)}`, unit: 'ms' },
        named(least[0]?.rows ?? 0),
        rounds.map((kept, at) => [cost(kept), cost(least[at] ?? kept)] as const),
        1.2,
      ),
    ),
  );
}
