import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { wardAndPhones } from '../support/e2e/ward-and-phones.ts';

const immutable = join(import.meta.dirname, '..', '..', 'build', 'client', '_app', 'immutable');
const scriptsIn = (folder: string): string[] =>
  readdirSync(join(immutable, folder))
    .filter((name) => name.endsWith('.js'))
    .map((name) => `/_app/immutable/${folder}/${name}`);

test.describe('A2 WebAssembly runs in the workers that need it, and nowhere else', () => {
  const here = wardAndPhones({ phones: [] });

  const policyOf = async (path: string): Promise<string> =>
    (await fetch(`${here.ward.origin}${path}`)).headers.get('content-security-policy') ?? '';

  test('each worker’s own answer allows it; no page and no other script does', async () => {
    const workers = scriptsIn('workers');
    expect(workers.some((path) => path.includes('kdf-worker'))).toBe(true);
    for (const path of workers) {
      const policy = await policyOf(path);
      expect(policy, path).toContain("script-src 'self' 'wasm-unsafe-eval'");
      expect(policy, path).toContain("default-src 'self'");
      expect(policy, path).not.toContain("'unsafe-inline'");
      expect(policy, path).not.toMatch(/'unsafe-eval'/);
    }
    const others = ['/', '/shell', '/enrol', '/sign-in', '/service-worker.js', ...scriptsIn('entry')];
    for (const path of others) expect(await policyOf(path), path).not.toContain('wasm-unsafe-eval');
  });

  test('under that policy the page itself may not, and Argon2id in its worker derives', async ({ page }) => {
    const { ward } = here;
    await page.goto(`${ward.origin}/enrol`);
    const inPage = await page.evaluate(() =>
      WebAssembly.compile(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])).then(
        () => 'compiled',
        (error: unknown) => String(error),
      ),
    );
    expect(inPage).toContain('Content Security Policy');
    // Enrolment seals the vault under Argon2id: it ends on Hôm nay only when the worker could compile.
    await page.goto(ward.origin);
    await page.getByRole('button', { name: /^Tổ viên/ }).click();
    await page.waitForURL('**/today');
  });
});
