import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isKnownMethod, mayChange, originPolicy, requestOrigin } from './origin-policy.ts';

const machine = { hostName: 'may-phuong', addresses: ['192.168.1.20', 'fe80::1'] };
const base = { origins: [], host: 'localhost', port: 3000, tls: null };
const tls = { certPath: 'c', keyPath: 'k' };

describe('which origin a request was sent to', () => {
  it('on a loopback address: any loopback name, nothing else', () => {
    const policy = originPolicy(base, machine);
    expect(requestOrigin(policy, 'localhost:3000')).toBe('http://localhost:3000');
    expect(requestOrigin(policy, '127.0.0.1:3000')).toBe('http://127.0.0.1:3000');
    expect(requestOrigin(policy, '[::1]:3000')).toBe('http://[::1]:3000');
    expect(requestOrigin(policy, 'evil.example')).toBeNull();
    expect(requestOrigin(policy, '192.168.1.20:3000')).toBeNull();
  });

  it('on all addresses: those of this machine and its name', () => {
    const policy = originPolicy({ ...base, host: '0.0.0.0', tls }, machine);
    expect(requestOrigin(policy, '192.168.1.20:3000')).toBe('https://192.168.1.20:3000');
    expect(requestOrigin(policy, 'may-phuong.local:3000')).toBe('https://may-phuong.local:3000');
    expect(requestOrigin(policy, 'localhost:3000')).toBe('https://localhost:3000');
    expect(requestOrigin(policy, '192.168.1.21:3000')).toBeNull();
    expect(requestOrigin(policy, 'evil.example:3000')).toBeNull();
  });

  it('with a list: only the list, and the scheme comes from it (a proxy may end the TLS)', () => {
    const policy = originPolicy({ ...base, origins: ['https://ward.lan', 'http://localhost:3000'] }, machine);
    expect(requestOrigin(policy, 'ward.lan')).toBe('https://ward.lan');
    expect(requestOrigin(policy, 'WARD.lan:443')).toBe('https://ward.lan');
    expect(requestOrigin(policy, 'localhost:3000')).toBe('http://localhost:3000');
    expect(requestOrigin(policy, '127.0.0.1:3000')).toBeNull();
    expect(requestOrigin(policy, 'ward.lan:8443')).toBeNull();
  });

  it('takes nothing that is not a plain host', () => {
    const policy = originPolicy({ ...base, origins: ['https://ward.lan'] }, machine);
    for (const host of [
      undefined,
      '',
      'ward.lan/x',
      'a@ward.lan',
      'ward.lan#',
      'ward.lan, evil',
      'ward.lan:99999',
    ]) {
      expect(requestOrigin(policy, host)).toBeNull();
    }
  });

  it('never answers with an origin outside the list, whatever the header', () => {
    const policy = originPolicy({ ...base, origins: ['https://ward.lan'] }, machine);
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.webUrl(), fc.domain()), (host) => {
        const found = requestOrigin(policy, host);
        return found === null || found === 'https://ward.lan';
      }),
    );
  });
});

describe('who may change something', () => {
  const own = 'https://ward.lan';
  it.each(['POST', 'PUT', 'PATCH', 'DELETE'])('%s needs our own origin', (method) => {
    expect(mayChange(method, { origin: own }, own)).toBe(true);
    expect(mayChange(method, { origin: 'https://evil.example' }, own)).toBe(false);
    expect(mayChange(method, { origin: 'http://ward.lan' }, own)).toBe(false);
    expect(mayChange(method, { origin: 'null' }, own)).toBe(false);
    expect(mayChange(method, { origin: 'https://evil.example', site: 'same-origin' }, own)).toBe(false);
    expect(mayChange(method, {}, own)).toBe(false);
    expect(mayChange(method, { site: 'cross-site' }, own)).toBe(false);
    expect(mayChange(method, { site: 'same-origin' }, own)).toBe(true);
  });

  it('lets anybody read, and knows no TRACE or CONNECT', () => {
    expect(['GET', 'HEAD', 'OPTIONS'].every((method) => mayChange(method, {}, own))).toBe(true);
    expect(['TRACE', 'CONNECT', 'PROPFIND', ''].some(isKnownMethod)).toBe(false);
  });
});
