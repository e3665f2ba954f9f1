import { webcrypto } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { utf8 } from '$lib/kernel/bytes.ts';
import { importAesKey, openBytes, sealBytes } from '$lib/kernel/crypto/aes-gcm.ts';
import { makeBoxKeys, openBox, sealToBox } from '$lib/kernel/crypto/sealed-box.ts';
import { quickClone } from './quick-clone.ts';
import { quickSubtle } from './quick-crypto.ts';

const REAL = webcrypto.subtle;
type Subtle = typeof quickSubtle | typeof REAL;
const use = (value: Subtle): void => {
  Object.defineProperty(globalThis.crypto, 'subtle', { value, configurable: true });
};
afterEach(() => use(REAL));

const PAIRS: readonly (readonly [string, Subtle, Subtle])[] = [
  ['quick to real', quickSubtle, REAL],
  ['real to quick', REAL, quickSubtle],
];

describe('I7 the simulator seals as WebCrypto does', () => {
  it.each(PAIRS)('%s: a box', async (_name, sealer, opener) => {
    use(sealer);
    const keys = await makeBoxKeys();
    use(opener);
    const others = await makeBoxKeys();
    use(sealer);
    const box = (await sealToBox(others.publicKey, utf8('Lò Thị Mẩy'), utf8('aad'))) ?? '';
    use(opener);
    expect(await openBox(others, box, utf8('aad'))).toEqual(utf8('Lò Thị Mẩy'));
    expect(await openBox(others, box, utf8('other'))).toBeNull();
    expect(await openBox(keys, box, utf8('aad'))).toBeNull();
  });

  it.each(PAIRS)('%s: a value', async (_name, sealer, opener) => {
    const raw = new Uint8Array(32).fill(7);
    use(sealer);
    const blob = await sealBytes(await importAesKey(raw), utf8('hẹn chiều mai'), utf8('aad'));
    use(opener);
    expect(await openBytes(await importAesKey(raw), blob, utf8('aad'))).toEqual(utf8('hẹn chiều mai'));
    expect(await openBytes(await importAesKey(raw), blob, utf8('no'))).toBeNull();
  });

  it('copies what is stored as structuredClone does', () => {
    const value = {
      a: [1, 'x', null, undefined, { b: true }],
      c: undefined,
      d: new Date(5),
      e: new Map([[1, 2]]),
    };
    expect(quickClone(value)).toEqual(structuredClone(value));
    expect(quickClone(value.a)).not.toBe(value.a);
    expect(() => quickClone(() => 1)).toThrow();
  });
});
