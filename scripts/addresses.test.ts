import { describe, expect, it } from 'vitest';
import { readSettings } from '../src/lib/server/settings/settings.ts';
import { readyLines } from './addresses.ts';
import { ready } from './operator-messages.mjs';

const machine = { hostName: 'may-phuong', addresses: ['192.168.1.4', '10.0.0.7', '2001:db8::4'] };
const tls = { TLS_CERT: 'ward.crt', TLS_KEY: 'ward.key' };
const rows = { port: 3000, place: '/srv/xks/.data', demo: false, empty: false };

/** What a start under these settings prints, as the operator's eye sees it. */
function printed(env: Readonly<Record<string, string>>, facts: Partial<typeof rows> = {}): readonly string[] {
  const settings = readSettings(env, '/srv/xks', { readable: () => true });
  if (!settings.ok) throw new Error(JSON.stringify(settings.error));
  return readyLines(settings.value, { ...rows, ...facts }, machine);
}

describe('what npm start prints: the addresses of this machine and of phones', () => {
  it('on this machine alone: its own address, and how phones would come in', () => {
    const lines = printed({});
    expect(lines).toContain(ready.here('http://localhost:3000'));
    expect(lines).toContain(ready.phoneNone);
    expect(lines.join('\n')).not.toMatch(/192\.168|10\.0\.0\.7/);
    expect(ready.phoneNone).toContain('npm run cert -- ward.lan');
  });

  it('on every address without https: each one phones can open, told that it fails without a signal', () => {
    const lines = printed({ HOST: '0.0.0.0', SEED: 'none' });
    expect(lines).toContain(ready.here('http://localhost:3000'));
    expect(lines).toContain(ready.phoneWeak('http://192.168.1.4:3000'));
    expect(lines).toContain(ready.phoneWeak('http://10.0.0.7:3000'));
    expect(lines).not.toContain(ready.phoneNone);
    expect(lines.join('\n')).not.toContain('2001:db8');
    expect(ready.phoneWeak('')).toContain('chưa có https');
  });

  it('with https: phones work without a signal', () => {
    const lines = printed({ HOST: '0.0.0.0', SEED: 'none', ...tls });
    expect(lines).toContain(ready.here('https://localhost:3000'));
    expect(lines).toContain(ready.phone('https://192.168.1.4:3000'));
    expect(lines.join('\n')).not.toContain('chưa có https');
  });

  it('on one outward address: that one only, for phones and for this machine', () => {
    const lines = printed({ HOST: '192.168.1.4', SEED: 'none' });
    expect(lines).toContain(ready.here('http://192.168.1.4:3000'));
    expect(lines).toContain(ready.phoneWeak('http://192.168.1.4:3000'));
    expect(lines.join('\n')).not.toMatch(/localhost|10\.0\.0\.7/);
    expect(printed({ HOST: '2001:db8::4', SEED: 'none' })).toContain(
      ready.phoneWeak('http://[2001:db8::4]:3000'),
    );
  });

  it('under listed origins: those and no other, each by what phones can do with it', () => {
    const lines = printed({
      HOST: '0.0.0.0',
      ORIGIN: 'https://ward.lan,http://10.0.0.7:8080,http://localhost:3000',
      SEED: 'none',
    });
    expect(lines).toContain(ready.here('http://localhost:3000'));
    expect(lines).toContain(ready.phone('https://ward.lan'));
    expect(lines).toContain(ready.phoneWeak('http://10.0.0.7:8080'));
    expect(lines.join('\n')).not.toContain('192.168.1.4');
    expect(printed({ ORIGIN: 'https://ward.lan', SEED: 'none' })).toContain(ready.here('https://ward.lan'));
    expect(printed({ ORIGIN: 'http://localhost:3000' })).toContain(ready.phoneNone);
  });

  it('the port that was opened, where the system was left to choose one', () => {
    const text = printed({ HOST: '0.0.0.0', PORT: '0', SEED: 'none' }, { port: 41_234 }).join('\n');
    expect(text).toContain('http://localhost:41234');
    expect(text).toContain('http://192.168.1.4:41234');
    expect(text).not.toMatch(/:0\b/);
  });
});

describe('what npm start prints: the data, the demo, the way out', () => {
  it('says where the data lies and how to stop', () => {
    expect(printed({})).toEqual(
      expect.arrayContaining([ready.title, ready.data('/srv/xks/.data'), ready.stop]),
    );
  });

  it('with a demo ward: where each role is one click away', () => {
    const lines = printed({}, { demo: true });
    expect(lines).toContain(ready.demo('http://localhost:3000'));
    expect(ready.demo('')).toContain('DỮ LIỆU MẪU');
    expect(lines).not.toContain(ready.empty);
  });

  it('with nobody there yet: the command that makes the first administrator; with a real ward neither', () => {
    expect(printed({}, { empty: true })).toContain(ready.empty);
    expect(ready.empty).toContain('npm run admin');
    const real = printed({}).join('\n');
    expect(real).not.toContain('npm run admin');
    expect(real).not.toContain('DỮ LIỆU MẪU');
  });
});
