import { describe, expect, it } from 'vitest';
import { clientAddress } from './client-address.ts';

const PROXY = ['10.0.0.2'];

describe('the address that limits count by', () => {
  it.each([
    ['no proxy named: the socket, whatever is written', '203.0.113.9', '198.51.100.1', [], '203.0.113.9'],
    ['somebody who is not the proxy forges it', '203.0.113.9', '198.51.100.1', PROXY, '203.0.113.9'],
    ['through the proxy', '10.0.0.2', '198.51.100.1', PROXY, '198.51.100.1'],
    [
      'forged, then through the proxy: the proxy’s word',
      '10.0.0.2',
      '1.2.3.4, 198.51.100.1',
      PROXY,
      '198.51.100.1',
    ],
    [
      'two proxies of ours',
      '10.0.0.3',
      '1.2.3.4, 198.51.100.1, 10.0.0.2',
      ['10.0.0.2', '10.0.0.3'],
      '198.51.100.1',
    ],
    ['no address in it', '10.0.0.2', 'unknown', PROXY, '10.0.0.2'],
    ['rubbish before the client’s own', '10.0.0.2', 'x"; drop, 2001:DB8::1', PROXY, '2001:db8::1'],
    ['no header at all', '10.0.0.2', undefined, PROXY, '10.0.0.2'],
    ['an IPv4 proxy on an IPv6 socket', '::ffff:10.0.0.2', '198.51.100.1', PROXY, '198.51.100.1'],
    ['a socket that is gone', undefined, '198.51.100.1', PROXY, ''],
  ] as const)('%s', (_what, socket, forwarded, trusted, address) => {
    expect(clientAddress(socket, forwarded, trusted)).toBe(address);
  });

  it('several headers of one name count as one', () => {
    expect(clientAddress('10.0.0.2', ['1.2.3.4', '198.51.100.1'], PROXY)).toBe('198.51.100.1');
  });
});
