import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type BrowserContext, type CDPSession, chromium, type Page } from 'playwright';
import { chromiumArgs, knownChromium } from '../../scripts/browser-path.mjs';
import type { PageCalls } from './page-calls.ts';

/** A slow phone on a weak line: CPU a sixth, 400 ms, 400 kbit/s each way. */
export const SLOW = { cpu: 6, latency: 400, bytesPerSecond: 50_000 } as const;

type Call = keyof PageCalls;

/** One page of the bench's with the phone's code in it. */
export class PhonePage {
  readonly page: Page;
  readonly #tools: CDPSession;

  constructor(page: Page, tools: CDPSession) {
    this.page = page;
    this.#tools = tools;
  }

  /** Calls a function of `page-calls.ts` inside the page. */
  call<C extends Call>(
    name: C,
    ...args: Parameters<PageCalls[C]>
  ): Promise<Awaited<ReturnType<PageCalls[C]>>> {
    return this.page.evaluate(
      ([wanted, given]) => {
        const run = window.bench[wanted] as (...values: unknown[]) => unknown;
        return Promise.resolve(run(...given)) as never;
      },
      [name, args] as const,
    );
  }

  async slow(cpu: number, net: boolean): Promise<void> {
    await this.#tools.send('Emulation.setCPUThrottlingRate', { rate: cpu });
    await this.#tools.send('Network.enable');
    await this.#tools.send('Network.emulateNetworkConditions', {
      offline: false,
      latency: net ? SLOW.latency : 0,
      downloadThroughput: net ? SLOW.bytesPerSecond : -1,
      uploadThroughput: net ? SLOW.bytesPerSecond : -1,
    });
  }

  async heapMb(collect = false): Promise<number> {
    if (collect) await this.#tools.send('HeapProfiler.collectGarbage');
    const { metrics } = await this.#tools.send('Performance.getMetrics');
    return (metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? 0) / 1_048_576;
  }

  /** The most the page's heap held while `work` ran, above what it held before. */
  async peakHeap<T>(work: () => Promise<T>): Promise<{ value: T; peakMb: number }> {
    const before = await this.heapMb(true);
    const running = { now: true };
    let peak = 0;
    const watch = async (): Promise<void> => {
      while (running.now) {
        peak = Math.max(peak, await this.heapMb());
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    };
    const watching = watch();
    const value = await work();
    running.now = false;
    await watching;
    return { value, peakMb: Math.max(0, peak - before) };
  }

  close(): Promise<void> {
    return this.page.close();
  }
}

/** A browser with a profile on disk: private windows keep IndexedDB in memory and would flatter everyone. */
export class PhoneBrowser {
  readonly #origin: string;
  readonly context: BrowserContext;
  readonly #profile: string;

  private constructor(origin: string, context: BrowserContext, profile: string) {
    this.#origin = origin;
    this.context = context;
    this.#profile = profile;
  }

  static async open(origin: string, folder: string): Promise<PhoneBrowser> {
    const profile = mkdtempSync(join(folder, 'profile-'));
    const executablePath = knownChromium();
    const context = await chromium.launchPersistentContext(profile, {
      ...(executablePath !== null && { executablePath }),
      args: [...chromiumArgs(), '--disable-gpu', '--disable-background-networking'],
      viewport: { width: 360, height: 740 },
      locale: 'vi-VN',
      timezoneId: 'Asia/Ho_Chi_Minh',
    });
    context.setDefaultTimeout(600_000);
    return new PhoneBrowser(origin, context, profile);
  }

  /** `fresh`: a phone that has never been here; otherwise what was kept is kept. */
  async phone(fresh = true): Promise<PhonePage> {
    const page = await this.context.newPage();
    const tools = await this.context.newCDPSession(page);
    if (fresh) {
      await tools.send('Storage.clearDataForOrigin', { origin: this.#origin, storageTypes: 'all' });
    }
    await tools.send('Performance.enable');
    await page.goto(`${this.#origin}/bench/page.html`);
    await page.waitForFunction(() => 'bench' in window);
    return new PhonePage(page, tools);
  }

  async close(): Promise<void> {
    await this.context.close();
    rmSync(this.#profile, { recursive: true, force: true });
  }
}
