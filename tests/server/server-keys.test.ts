import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { toBase64url, utf8 } from '../../src/lib/kernel/bytes.ts';
import { sealToBox } from '../../src/lib/kernel/crypto/sealed-box.ts';
import { keyAad } from '../../src/lib/protocol/bound-bytes.ts';
import { addDeliveryKey, openKeyFiles } from '../../src/lib/server/keys/key-files.ts';
import { ResidentKeys } from '../../src/lib/server/keys/resident-keys.ts';
import { makeKeyRing, serverKeys } from '../../src/lib/server/keys/server-keys.ts';
import { openQuarantined, sealQuarantined } from '../../src/lib/server/records/quarantine-values.ts';
import { seededRandom, steppingClock } from '../support/sync-mutations.ts';

let directory: string;
beforeEach(() => {
  directory = join(mkdtempSync(join(tmpdir(), 'xks-keys-')), 'keys');
});
afterEach(() => {
  rmSync(join(directory, '..'), { recursive: true, force: true });
});

const clock = steppingClock();
const random = seededRandom(77);
const FRESH = { residents: false, phones: false };

describe('key files', () => {
  it('are made once, closed to others, and the same ever after', async () => {
    const first = await openKeyFiles(directory, FRESH, clock, random);
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    for (const name of readdirSync(directory))
      expect(statSync(join(directory, name)).mode & 0o777).toBe(0o600);
    expect(await openKeyFiles(directory, FRESH, clock, random)).toEqual(first);
  });

  it('are never replaced when they cannot be read: what they seal would be lost', async () => {
    await openKeyFiles(directory, FRESH, clock, random);
    const path = join(directory, 'master.json');
    writeFileSync(path, '{"id":"x"');
    await expect(openKeyFiles(directory, FRESH, clock, random)).rejects.toThrow();
    expect(readFileSync(path, 'utf8')).toBe('{"id":"x"');
  });

  it('keep old delivery keys: what was sealed to them still opens, new ones are named', async () => {
    const old = serverKeys(await openKeyFiles(directory, FRESH, clock, random), random);
    const raw = random.bytes(32);
    const owner = { account: 'a', device: 'd' };
    const box = (await sealToBox(old.deliveryKey.publicKey, raw, keyAad('a', 'd', 'k'))) ?? '';
    const added = await addDeliveryKey(directory, clock, random);
    const keys = serverKeys(await openKeyFiles(directory, FRESH, clock, random), random);
    expect(keys.deliveryKey.id).toBe(added.id);
    const envelope = { key: 'k', to: old.deliveryKey.id, box };
    expect(await keys.openDataKey(owner, envelope)).toEqual(raw);
    expect(await keys.openDataKey({ ...owner, account: 'b' }, envelope)).toBeNull();
    expect(await keys.openDataKey({ ...owner, device: 'e' }, envelope)).toBeNull();
    expect(await keys.openDataKey(owner, { ...envelope, key: 'l' })).toBeNull();
    expect(await keys.openDataKey(owner, { ...envelope, to: added.id })).toBeNull();
  });

  it('sign what nobody else can', async () => {
    const keys = serverKeys(await makeKeyRing(random, 0), random);
    const other = serverKeys(await makeKeyRing(random, 0), random);
    expect(keys.verify('text', keys.sign('text'))).toBe(true);
    expect(keys.verify('texT', keys.sign('text'))).toBe(false);
    expect(keys.verify('text', other.sign('text'))).toBe(false);
    expect(keys.verify('text', '')).toBe(false);
  });
});

describe('a key per resident record', () => {
  it('opens in its own place only, and forgets with its key', async () => {
    const keys = serverKeys(await makeKeyRing(random, 0), random);
    const first = new ResidentKeys(keys, 'w', []);
    const blob = first.seal('r', 'row|1|m', 'Trần Mẫu');
    const [made] = first.made;
    expect(made?.wrapped).not.toBeNull();
    const again = new ResidentKeys(keys, 'w', first.made);
    expect(again.open('r', 'row|1|m', blob)).toBe('Trần Mẫu');
    expect(again.open('r', 'row|2|m', blob)).toBeNull();
    expect(new ResidentKeys(keys, 'v', first.made).open('r', 'row|1|m', blob)).toBeNull();
    const erased = new ResidentKeys(keys, 'w', [{ resident: 'r', wrapped: null }]);
    expect(erased.isErased('r')).toBe(true);
    expect(erased.open('r', 'row|1|m', blob)).toBeNull();
    expect(() => erased.seal('r', 'row|1|m', 'x')).toThrow();
  });

  it('is another for each: whoever holds one opens nothing of anybody else', async () => {
    const keys = serverKeys(await makeKeyRing(random, 0), random);
    const residents = new ResidentKeys(keys, 'w', []);
    for (const resident of ['r', 's', 't']) residents.seal(resident, 'row|1|m', 'Trần Mẫu');
    const raw = residents.made.map(({ resident, wrapped }) =>
      keys.unwrap(wrapped ?? '', `xks:resident-key:1|w|${resident}`)?.join(),
    );
    expect(new Set(raw).size).toBe(3);
    expect(raw).not.toContain(undefined);
  });

  it('seals a quarantined record by resident, so that erasing one leaves the others', async () => {
    const keys = serverKeys(await makeKeyRing(random, 0), random);
    const residents = new ResidentKeys(keys, 'w', []);
    const values = new Map([
      ['row-a', { note: 'a' }],
      ['row-b', { note: 'b' }],
    ]);
    const sealed = sealQuarantined(residents, 'm', values, (row) => (row === 'row-a' ? 'r1' : 'r2')) ?? '';
    expect(toBase64url(utf8(sealed))).not.toContain(toBase64url(utf8('"note"')).slice(0, 6));
    expect(openQuarantined(residents, 'm', sealed)).toEqual(values);
    const left = new ResidentKeys(keys, 'w', [
      ...residents.made.filter((key) => key.resident === 'r2'),
      { resident: 'r1', wrapped: null },
    ]);
    expect([...openQuarantined(left, 'm', sealed).keys()]).toEqual(['row-b']);
    expect(sealQuarantined(left, 'm', new Map([['row-a', { note: 'a' }]]), () => 'r1')).toBeNull();
  });
});
