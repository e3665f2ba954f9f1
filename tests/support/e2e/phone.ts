import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium, type Page } from '@playwright/test';
import { chromiumArgs, knownChromium } from '../../../scripts/browser-path.mjs';
import type { WardServer } from '../ward-server.ts';

/** A helper's phone: a browser with a profile on disk, that can be killed and opened again. */
export interface TestPhone {
  readonly profile: string;
  page(): Page;
  context(): BrowserContext;
  /** kill -9 of the whole browser, as when a phone's battery dies. */
  kill(): Promise<void>;
  /** Opens the same profile again; `offline` before anything is loaded. */
  open(offline: boolean): Promise<Page>;
  remove(): Promise<void>;
}

export interface PhoneOptions {
  /** A profile that is there already (a copy, a small disk); otherwise a new one. Removed with the phone. */
  readonly profile?: string;
  /** Further switches of the browser. */
  readonly args?: readonly string[];
  /** `block`: no service worker, so that all traffic is the page's and can be answered by the test. */
  readonly serviceWorkers?: 'allow' | 'block';
}

/** A new phone that knows the ward's name and trusts its certificate. */
export async function newPhone(ward: WardServer, options: PhoneOptions = {}): Promise<TestPhone> {
  const profile = options.profile ?? mkdtempSync(join(tmpdir(), 'xks-phone-'));
  mkdirSync(profile, { recursive: true });
  const executablePath = knownChromium();
  let context: BrowserContext | null = null;
  const open = async (offline: boolean): Promise<Page> => {
    context = await chromium.launchPersistentContext(profile, {
      ...(executablePath !== null && { executablePath }),
      args: [...chromiumArgs(), ...ward.chromiumArgs, ...(options.args ?? [])],
      viewport: { width: 360, height: 740 },
      locale: 'vi-VN',
      timezoneId: 'Asia/Ho_Chi_Minh',
      offline,
      serviceWorkers: options.serviceWorkers ?? 'allow',
    });
    // A step that does not come fails as that step, not as the whole story running out of time.
    context.setDefaultTimeout(300_000);
    return context.pages()[0] ?? (await context.newPage());
  };
  const current = (): BrowserContext => {
    if (context === null) throw new Error('the phone is off');
    return context;
  };
  await open(false);
  return {
    profile,
    context: current,
    page: () => {
      const [page] = current().pages();
      if (page === undefined) throw new Error('the phone shows no page');
      return page;
    },
    kill: async () => {
      const gone = new Promise((resolve) => current().once('close', resolve));
      // Every process of this browser names the profile; none of ours does.
      execFileSync('pkill', ['-9', '-f', `user-data-dir=${profile}`]);
      await gone;
      context = null;
    },
    open,
    remove: async () => {
      await context?.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}

/** Types a PIN on the pad. */
export async function typePin(page: Page, pin: string): Promise<void> {
  for (const digit of pin) await page.getByRole('button', { name: digit, exact: true }).click();
}

/** Opens Ghi nhanh from Hôm nay and says what it was about. */
export async function beginQuickLog(page: Page, subject: RegExp): Promise<void> {
  await page.getByRole('link', { name: 'Ghi nhanh' }).click();
  await page.getByRole('radio', { name: subject }).first().click();
}

/** Ghi nhanh from Hôm nay, all but the save. */
export async function answerQuickLog(page: Page, subject: RegExp): Promise<void> {
  await beginQuickLog(page, subject);
  await page.getByRole('radio', { name: 'Mới hướng dẫn' }).click();
  await page.getByRole('radio', { name: 'Bà con', exact: true }).click();
  await page.getByRole('radio', { name: 'Tại nhà', exact: true }).click();
}

export async function saveQuickLog(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Lưu', exact: true }).click();
  await page.getByRole('heading', { name: 'Đã lưu trên máy' }).waitFor();
}

/** Ghi nhanh, from Hôm nay to "Đã lưu trên máy": six taps, the save included. */
export async function quickLog(page: Page, subject: RegExp): Promise<void> {
  await answerQuickLog(page, subject);
  await saveQuickLog(page);
}

/** Redeems a code where the page stands (the enrolment screen) or by the address of its QR, and sets the PIN twice. */
export async function enrolPhone(page: Page, origin: string, code: string, pin: string): Promise<void> {
  await page.goto(`${origin}/enrol#${code}`);
  await setPin(page, pin);
}

export async function setPin(page: Page, pin: string): Promise<void> {
  await page.getByRole('heading', { name: 'Đặt PIN 6 số cho máy này' }).waitFor();
  await typePin(page, pin);
  await page.getByText('Gõ lại PIN lần nữa').first().waitFor();
  await typePin(page, pin);
  await page.waitForURL('**/today');
}

/** Locks from Thêm, without leaving the page that is loaded. */
export async function lockNow(page: Page): Promise<void> {
  await page.locator('nav a[href="/me"]').click();
  await page.getByRole('button', { name: 'Khoá ngay' }).click();
  await page.waitForURL('**/unlock**');
}
