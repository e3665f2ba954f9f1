import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { ready } from '../../scripts/operator-messages.mjs';
import { processStart } from '../../src/lib/server/database/process-identity.ts';
import { wardAndPhones } from '../support/e2e/ward-and-phones.ts';
import { startWardServer } from '../support/ward-server.ts';

const SECURITY = [
  'x-content-type-options',
  'x-frame-options',
  'referrer-policy',
  'permissions-policy',
  'cross-origin-opener-policy',
  'cross-origin-resource-policy',
  'content-security-policy',
  'cache-control',
];

test.describe('npm start on the production build', () => {
  const here = wardAndPhones({ ward: { fresh: true }, phones: [] });

  test('it prints where to open it, that phones cannot yet, where the data lies and how to try it', () => {
    const { ward } = here;
    const said = ward.said();
    expect(said).toContain(ready.title);
    expect(said).toContain(ready.here(`http://localhost:${ward.port}`));
    expect(said).toContain(ready.phoneNone);
    expect(said).toContain(ready.data(ward.dataDir));
    expect(said).toContain(ready.demo(`http://localhost:${ward.port}`));
    expect(said).not.toContain(ready.empty);
  });

  test('every answer wears the security headers: rendered, prerendered, files, data, faults', async () => {
    const { ward } = here;
    const page = await (await fetch(`${ward.origin}/`)).text();
    const script = /\/_app\/immutable\/[^"')]+\.js/.exec(page)?.[0] ?? 'no script';
    const paths = [
      '/',
      '/shell',
      script,
      '/service-worker.js',
      '/manifest.webmanifest',
      '/packs/manifest.json',
    ];
    for (const path of [...paths, '/api/sync', '/no-such-page', '/_app/immutable/none.js']) {
      const { headers } = await fetch(`${ward.origin}${path}`, { redirect: 'manual' });
      for (const name of SECURITY) expect(headers.get(name), `${path} ${name}`).not.toBeNull();
      expect(headers.get('content-security-policy'), path).toContain("frame-ancestors 'none'");
    }
    expect((await fetch(`${ward.origin}${script}`)).headers.get('cache-control')).toContain('immutable');
    expect((await fetch(`${ward.origin}/service-worker.js`)).headers.get('cache-control')).toBe('no-cache');
  });

  test('pages open without one violation of their own policy', async ({ page }) => {
    const violations: string[] = [];
    page.on('console', (message) => {
      if (/Content Security Policy|violates/.test(message.text())) violations.push(message.text());
    });
    for (const path of ['/', '/shell', '/enrol', '/today', '/no-such-page']) {
      await page.goto(`${here.ward.origin}${path}`, { waitUntil: 'networkidle' });
    }
    expect(violations).toEqual([]);
  });

  test('JSON from a foreign page is refused like a form is', async () => {
    for (const type of ['application/json', 'application/x-www-form-urlencoded', 'text/plain']) {
      const headers = { origin: 'https://evil.example', 'content-type': type };
      const { status } = await fetch(`${here.ward.origin}/api/sync`, { method: 'POST', headers, body: '{}' });
      expect(status, type).toBe(403);
    }
  });

  test('I1 after kill -9 of Node it starts again on the same rows, and Ctrl-C leaves nothing running', async () => {
    const { ward } = here;
    const orphan = Number(readFileSync(join(ward.dataDir, 'pg18', 'postmaster.pid'), 'utf8').split('\n')[0]);
    await ward.kill();
    expect(processStart(orphan)).not.toBeNull();
    await ward.start();
    expect(processStart(orphan)).toBeNull();
    expect(await (await fetch(`${ward.origin}/api/entry`)).text()).toContain('Phường Mẫu');
    const database = Number(
      readFileSync(join(ward.dataDir, 'pg18', 'postmaster.pid'), 'utf8').split('\n')[0],
    );
    await ward.stop();
    expect(processStart(database)).toBeNull();
    expect(existsSync(join(ward.dataDir, 'server.lock'))).toBe(false);
    await ward.start();
  });

  test('a second start on the same data says so and leaves the first alone', async () => {
    const { ward } = here;
    const second = startWardServer({ env: { DATA_DIR: ward.dataDir } });
    await expect(second).rejects.toThrow(/đang chạy rồi/);
    expect((await fetch(`${ward.origin}/`)).status).toBe(200);
  });
});

test('wrong settings are told all at once, in plain words, and nothing starts', async () => {
  const start = startWardServer({
    env: { PORT: 'abc', TLS_KEY: 'x', SEED: 'maybe', DATABASE_URL: 'mysql://u:secret@h/x' },
  });
  const said = await start.then(() => '', String);
  for (const name of ['PORT', 'TLS_CERT', 'SEED', 'DATABASE_URL']) expect(said).toContain(name);
  expect(said).not.toContain('secret');
  expect(said).not.toContain('at ');
});

test('the demo is not opened to other machines unless somebody insists', async () => {
  await expect(startWardServer({ env: { HOST: '0.0.0.0' } })).rejects.toThrow(/DEMO_PUBLIC=1/);
});

test.describe('over https on a name of its own', () => {
  const here = wardAndPhones({ ward: { httpsName: 'ward.lan' } });

  test('HSTS, and a service worker that the browser trusts', async () => {
    const { ward, phone } = here;
    const page = phone.page();
    const answer = await page.goto(`${ward.origin}/enrol`);
    expect(answer?.headers()['strict-transport-security']).toContain('max-age=31536000');
    const scope = await page.evaluate(async () => (await navigator.serviceWorker.ready).scope);
    expect(scope).toBe(`${ward.origin}/`);
  });
});
