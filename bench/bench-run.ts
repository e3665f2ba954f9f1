import { PhoneBrowser } from './phone/phone-browser.ts';
import { type RunningWard, startWard } from './ward/ward-client.ts';

/** How much of everything. */
export interface Sizes {
  readonly rounds: number;
  readonly saves: number;
  readonly send: number;
  readonly kept: readonly number[];
  readonly slowSend: number;
  readonly devices: number;
  readonly visits: number;
}

export const FULL: Sizes = {
  rounds: 3,
  saves: 100,
  send: 10_000,
  kept: [1000, 10_000, 50_000],
  slowSend: 100,
  devices: 500,
  visits: 20,
};

export const SMOKE: Sizes = {
  rounds: 1,
  saves: 5,
  send: 60,
  kept: [60],
  slowSend: 5,
  devices: 4,
  visits: 3,
};

/** What a row works with. */
export interface BenchRun {
  readonly sizes: Sizes;
  readonly ward: RunningWard;
  readonly say: (line: string) => void;
  /** A name nobody has used in this run. */
  name(what: string): string;
  /** A browser of its own for the length of `work`. */
  browse<T>(work: (browser: PhoneBrowser) => Promise<T>): Promise<T>;
}

export async function startBench(sizes: Sizes, say: (line: string) => void): Promise<BenchRun> {
  const ward = await startWard();
  let names = 0;
  return {
    sizes,
    ward,
    say,
    name: (what) => {
      names += 1;
      return `${what}-${names}`;
    },
    browse: async (work) => {
      const browser = await PhoneBrowser.open(ward.origin, ward.folder);
      try {
        return await work(browser);
      } finally {
        await browser.close();
      }
    },
  };
}
