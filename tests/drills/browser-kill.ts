import type { SeededRandom } from '../../src/lib/kernel/seeded-random.ts';
import { type DrillBrowser, type Engine, newProfile, type Tab } from './engines.ts';
import { startPageSite } from './page-site.ts';

export interface BrowserKillOptions {
  readonly engine: Engine;
  /** Acknowledged saves after which the drill ends. */
  readonly saves: number;
  /** Saves in one life of the browser, at most; it is killed at a random one. */
  readonly perLife: number;
  readonly random: SeededRandom;
  readonly say: (line: string) => void;
}

/** What became of every save that was told as kept. */
export interface BrowserKillResult {
  readonly kills: number;
  readonly acknowledged: number;
  readonly lost: readonly string[];
  /** Half-written saves, broken order, faults told by a save: none. */
  readonly faults: readonly string[];
}

/**
 * I1 under kill -9: a browser saves without pause, is killed at a random acknowledgement, is opened again on the same
 * profile, and goes on. Every save that was told as kept must be there, whole and in order.
 */
export async function runBrowserKill(options: BrowserKillOptions): Promise<BrowserKillResult> {
  const { engine, saves, perLife, random, say } = options;
  const site = await startPageSite();
  const profile = newProfile();
  const acknowledged = new Set<string>();
  const lost = new Set<string>();
  const faults: string[] = [];
  let kills = 0;
  const open = async (): Promise<{ browser: DrillBrowser; tab: Tab }> => {
    const browser = await engine.open(profile.path, site.origin);
    return { browser, tab: await browser.tab() };
  };
  let { browser, tab } = await open();
  try {
    await tab.call('enrol');
    while (acknowledged.size < saves) {
      await tab.call('open');
      const least = acknowledged.size + 1 + random.below(perLife);
      const reached = new Promise<void>((resolve) => {
        site.onSaved = (id) => {
          if (id.startsWith('fault:')) faults.push(id);
          else acknowledged.add(id);
          if (acknowledged.size >= least || faults.length > 0) resolve();
        };
      });
      await tab.call('saveOn');
      await reached;
      await browser.kill();
      kills += 1;
      ({ browser, tab } = await open());
      await tab.call('open');
      const kept = await tab.call('kept');
      const here = new Set<string>(kept.saves.map(({ id }) => id));
      for (const id of acknowledged) if (!here.has(id)) lost.add(id);
      faults.push(...kept.faults);
      if (kept.rows.length !== kept.saves.length)
        faults.push(`${kept.rows.length} rows, ${kept.saves.length} saves`);
      if (kept.saves.some(({ seq }, at) => seq !== at + 1) || kept.nextSeq !== kept.saves.length + 1)
        faults.push(`life ${kills}: the order has a gap`);
      if (kills % 10 === 0) say(`${kills} kills, ${acknowledged.size} acknowledged, ${lost.size} lost`);
      if (faults.length > 0) break;
    }
  } finally {
    await browser.kill();
    await site.close();
    profile.remove();
  }
  return { kills, acknowledged: acknowledged.size, lost: [...lost], faults };
}
