import type { BenchRun } from '../bench-run.ts';
import { alone, beside, type Figure, quantile, type Rounds } from '../figures.ts';

/** One save with the list live: ours (sealed, outbox, strict) beside raw strict IndexedDB and a bare Dexie put. */
export async function saveRow(run: BenchRun): Promise<Figure[]> {
  const { sizes, ward, say } = run;
  const saved: [number, number][] = [];
  const savedDexie: [number, number][] = [];
  const seen: [number, number][] = [];
  const sealed: number[] = [];
  for (let round = 0; round < sizes.rounds; round++) {
    await run.browse(async (browser) => {
      const page = await browser.phone();
      await page.call('enrol', await ward.call.invitation(run.name('save')));
      const times = await page.call('saves', sizes.saves, 0);
      const p50 = (of: 'ours' | 'raw' | 'dexie', what: 'saved' | 'seen'): number =>
        quantile(
          times[of].map((time) => time[what]),
          0.5,
        );
      saved.push([p50('ours', 'saved'), p50('raw', 'saved')]);
      savedDexie.push([p50('ours', 'saved'), p50('dexie', 'saved')]);
      seen.push([p50('ours', 'seen'), p50('dexie', 'seen')]);
      sealed.push(quantile(await page.call('seals', sizes.saves), 0.5));
    });
    say(`save: round ${round + 1}`);
  }
  return figures(saved, savedDexie, seen, sealed);
}

function figures(saved: Rounds, savedDexie: Rounds, seen: Rounds, sealed: readonly number[]): Figure[] {
  const row = 'save';
  const unit = 'ms';
  return [
    beside({ row, what: 'save one visit, p50', unit }, 'raw strict', saved, 2),
    beside({ row, what: 'save one visit, p50', unit }, 'Dexie put', savedDexie, null),
    alone({ row, what: 'of it sealing, p50', unit }, sealed, null),
    beside({ row, what: 'list shows it after the save, p50', unit }, 'Dexie live query', seen, 3),
  ];
}
