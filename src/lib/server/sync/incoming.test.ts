import { describe, expect, it } from 'vitest';
import { hashEnvelope } from '$lib/protocol/bound-bytes.ts';
import { hashAtOnce } from './incoming.ts';

describe('I2 the bytes of an envelope have one hash', () => {
  it.each([
    { plain: '', sealed: null },
    { plain: '{"v":1,"kind":"assist.log"}', sealed: null },
    { plain: 'Bà Nguyễn Thị Ổi 😀', sealed: 'AAECAwQ' },
    { plain: 'a', sealed: '' },
  ])('at once as in the protocol: $plain', async (envelope) => {
    expect(hashAtOnce(envelope)).toBe(await hashEnvelope(envelope));
  });
});
