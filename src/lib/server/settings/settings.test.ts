import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  isLoopback,
  readSettings,
  type Environment,
  type Settings,
  type SettingsErrorKind,
} from './settings.ts';

const noFiles = { readable: () => false };
const allFiles = { readable: () => true };

function good(env: Environment, files = allFiles): Settings {
  const result = readSettings(env, '/srv/xks', files);
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

function kinds(env: Environment, files = allFiles): SettingsErrorKind[] {
  const result = readSettings(env, '/srv/xks', files);
  return result.ok ? [] : result.error.map((error) => error.kind);
}

describe('settings: the operator decides once, and is told plainly what is wrong', () => {
  it('needs nothing at all for a newcomer: localhost, own database, demo ward', () => {
    expect(good({})).toEqual({
      port: 3000,
      host: 'localhost',
      origins: [],
      trustedProxies: [],
      publicOrigin: null,
      tls: null,
      dataDir: '/srv/xks/.data',
      database: { kind: 'embedded', directory: '/srv/xks/.data' },
      seed: 'demo',
      demoPublic: false,
    });
  });

  it('reads several origins, trims them, drops the trailing slash and the default port', () => {
    const settings = good({
      ORIGIN: ' https://ward.lan/ , http://localhost:3000,https://10.0.0.5:443',
      SEED: 'none',
    });
    expect(settings.origins).toEqual(['https://ward.lan', 'http://localhost:3000', 'https://10.0.0.5']);
  });

  it('answers to PUBLIC_ORIGIN when it is the only one named', () => {
    expect(good({ PUBLIC_ORIGIN: 'https://ward.lan', SEED: 'none' }).origins).toEqual(['https://ward.lan']);
  });

  it('treats blank values as absent', () => {
    expect(good({ PORT: ' ', HOST: '', ORIGIN: '', DATABASE_URL: '', TLS_CERT: '', SEED: '' }).port).toBe(
      3000,
    );
  });

  it('resolves files against the project', () => {
    const settings = good({ TLS_CERT: 'a.crt', TLS_KEY: '/k/a.key', DATA_DIR: 'd' });
    expect(settings.tls).toEqual({ certPath: '/srv/xks/a.crt', keyPath: '/k/a.key' });
    expect(settings.dataDir).toBe('/srv/xks/d');
  });

  it.each<[string, Environment, SettingsErrorKind]>([
    ['a word for a port', { PORT: 'http' }, 'port_invalid'],
    ['a port beyond the range', { PORT: '70000' }, 'port_invalid'],
    ['a host with a scheme', { HOST: 'http://x' }, 'host_invalid'],
    ['an origin with a path', { ORIGIN: 'https://ward.lan/app', SEED: 'none' }, 'origin_invalid'],
    ['an origin without a scheme', { ORIGIN: 'ward.lan', SEED: 'none' }, 'origin_invalid'],
    ['an origin of another scheme', { ORIGIN: 'ftp://ward.lan', SEED: 'none' }, 'origin_invalid'],
    ['a public origin that is none', { PUBLIC_ORIGIN: 'ward', SEED: 'none' }, 'public_origin_invalid'],
    ['a proxy by its name', { TRUSTED_PROXY: '10.0.0.2, proxy.lan' }, 'trusted_proxy_invalid'],
    ['a certificate without its key', { TLS_CERT: 'a' }, 'tls_incomplete'],
    ['a key without its certificate', { TLS_KEY: 'a' }, 'tls_incomplete'],
    ['a database of another make', { DATABASE_URL: 'mysql://h/db' }, 'database_url_invalid'],
    ['a database without a name', { DATABASE_URL: 'postgres://h' }, 'database_url_invalid'],
    ['an unknown seed', { SEED: 'yes' }, 'seed_invalid'],
    ['an unknown log level', { LOG_LEVEL: 'loud' }, 'log_level_invalid'],
    ['an unclear DEMO_PUBLIC', { DEMO_PUBLIC: 'maybe' }, 'demo_public_invalid'],
  ])('refuses %s', (_what, env, kind) => {
    expect(kinds(env)).toEqual([kind]);
  });

  it('refuses a certificate that cannot be read, naming each file', () => {
    expect(kinds({ TLS_CERT: 'a', TLS_KEY: 'b' }, noFiles)).toEqual(['tls_unreadable', 'tls_unreadable']);
  });

  it('refuses a public origin that the server itself does not answer to', () => {
    expect(kinds({ ORIGIN: 'https://a.lan', PUBLIC_ORIGIN: 'https://b.lan', SEED: 'none' })).toEqual([
      'public_origin_not_listed',
    ]);
  });

  it('never repeats a database address, which may hold a password', () => {
    const result = readSettings({ DATABASE_URL: 'mysql://u:secret@h/db' }, '/', allFiles);
    expect(JSON.stringify(result)).not.toContain('secret');
  });

  it('reports every fault at once', () => {
    expect(kinds({ PORT: 'x', SEED: 'y', TLS_KEY: 'z' }).sort()).toEqual([
      'port_invalid',
      'seed_invalid',
      'tls_incomplete',
    ]);
  });
});

describe('settings: .env.example is complete and true', () => {
  const example = readFileSync('.env.example', 'utf8');
  const named = [...example.matchAll(/^([A-Z_]+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]);

  it('names each variable that is read, and no other', () => {
    const source = readFileSync('src/lib/server/settings/settings.ts', 'utf8');
    const read = new Set([...source.matchAll(/env\['([A-Z_]+)'\]/g)].map(([, name]) => name));
    expect(named.map(([name]) => name).sort()).toEqual([...read].sort());
  });

  it('is what a start without any setting does', () => {
    expect(good(Object.fromEntries(named) as Environment)).toEqual(good({}));
  });
});

describe('settings: demo accounts stay on this machine', () => {
  it.each([
    [{ HOST: '0.0.0.0' }],
    [{ HOST: '192.168.1.4' }],
    [{ HOST: '::' }],
    [{ ORIGIN: 'https://ward.lan' }],
    [{ PUBLIC_ORIGIN: 'https://ward.lan' }],
  ])('seeds nothing by itself and refuses the demo for %o', (env) => {
    expect(good(env).seed).toBe('none');
    expect(kinds({ ...env, SEED: 'demo' })).toEqual(['demo_exposed']);
    expect(good({ ...env, SEED: 'demo', DEMO_PUBLIC: '1' }).seed).toBe('demo');
  });

  it('knows loopback names', () => {
    expect(['localhost', '127.0.0.1', '127.1.2.3', '::1', '[::1]', 'a.localhost'].every(isLoopback)).toBe(
      true,
    );
    expect(['0.0.0.0', '::', 'localhost.evil.vn', '128.0.0.1', '10.0.0.1', 'ward.lan'].some(isLoopback)).toBe(
      false,
    );
  });
});
