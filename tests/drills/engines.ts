import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import puppeteer, { type Browser, type Page } from 'puppeteer-core';
import { chromiumArgs, knownChromium, knownFirefox } from '../../scripts/browser-path.mjs';
import type { PageCalls } from './page/phone-page.ts';

/** One tab with the drill page in it. */
export interface Tab {
  readonly page: Page;
  call<K extends keyof PageCalls>(
    name: K,
    ...given: Parameters<PageCalls[K]>
  ): Promise<Awaited<ReturnType<PageCalls[K]>>>;
  close(): Promise<void>;
}

/** A browser with a profile on disk. */
export interface DrillBrowser {
  tab(): Promise<Tab>;
  /** kill -9 of all its processes at once. */
  kill(): Promise<void>;
  close(): Promise<void>;
}

/** A real engine: how it is started on a profile. */
export interface Engine {
  readonly name: 'chromium' | 'firefox';
  open(profile: string, address: string): Promise<DrillBrowser>;
}

export function newProfile(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'xks-drill-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 10 }) };
}

async function tabOf(page: Page, address: string): Promise<Tab> {
  await page.goto(address);
  return {
    page,
    call: (name, ...given) =>
      page.evaluate(
        (asked, values) => (globalThis.drill[asked] as (...values: unknown[]) => unknown)(...values),
        name,
        given,
      ) as never,
    close: () => page.close(),
  };
}

async function gone(browser: Browser): Promise<void> {
  const child = browser.process();
  if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  // The browser was started as the leader of a group of its own: all of it, nothing else.
  process.kill(-child.pid, 'SIGKILL');
  await ended;
}

function engine(name: Engine['name'], executablePath: string): Engine {
  return {
    name,
    open: async (profile, address) => {
      const browser = await puppeteer.launch({
        browser: name === 'firefox' ? 'firefox' : 'chrome',
        executablePath,
        headless: true,
        userDataDir: profile,
        args: name === 'firefox' ? [] : [...chromiumArgs(), '--disable-gpu'],
        protocolTimeout: 60_000,
      });
      return {
        tab: async () => tabOf(await browser.newPage(), address),
        kill: () => gone(browser),
        close: () => browser.close(),
      };
    },
  };
}

export function chromiumEngine(): Engine {
  const path = knownChromium();
  if (path === null) throw new Error('no Chromium on this machine: npm test gets one');
  return engine('chromium', path);
}

/** Null: there is none on this machine; `npm test` says so and skips what needs it. */
export function firefoxEngine(): Engine | null {
  const path = knownFirefox();
  return path === null ? null : engine('firefox', path);
}
