import { describe, expect, it } from 'vitest';
import type { DeviceId, PersonId } from '../../domain/record/ids.ts';
import { fromBase64url, utf8 } from '../../kernel/bytes.ts';
import { makeBoxKeys, openBox } from '../../kernel/crypto/sealed-box.ts';
import { keyAad } from '../../protocol/bound-bytes.ts';
import { deriveArgon2id } from './argon2.ts';
import { makeDeviceKeys } from './device-signer.ts';
import type { Kdf } from './kdf.ts';
import { makeVault, openVaultWith, rewrapVault, type VaultPorts } from './vault.ts';

const person = '0190f0a0-0000-7000-8000-000000000001' as PersonId;
const device = '0190f0a0-0000-7000-8000-0000000000d1' as DeviceId;
const random = { bytes: (length: number) => crypto.getRandomValues(new Uint8Array(length)) };
/** The true function at its least strength: what is tested here is not how long it takes. */
const kdf: Kdf = { derive: (secret, p) => deriveArgon2id(secret, { ...p, memoryKiB: 64, passes: 1 }) };
const ports: VaultPorts = { kdf, random, clock: { now: () => 0 } };
const aad = utf8('row');
const none = { key: null, envelopes: [] };

async function newVault(
  pin = '739264',
  oldKeys: Parameters<typeof makeVault>[0]['oldKeys'] = [],
  formerKey: string | null = null,
) {
  const box = await makeBoxKeys();
  const signing = await makeDeviceKeys();
  const deliveryKey = { id: 'k1', publicKey: box.publicKey };
  const made = await makeVault({ person, device, pin, deliveryKey, signing, oldKeys, formerKey }, ports);
  return { ...made, box, deliveryKey, signing };
}

describe('A2 vault: keys wrapped by the PIN', () => {
  it('seals, locks, opens again with the PIN and reads what it sealed', async () => {
    const { record, vault } = await newVault();
    const sealed = (await vault.seal('Nguyễn Thị Hoa', aad))!;
    vault.close();
    expect(await vault.seal('x', aad)).toBeNull();
    expect(await vault.open(sealed, aad)).toBeNull();
    expect(await vault.sign('x')).toBeNull();
    const again = (await openVaultWith(record, '739264', none, ports))!;
    expect(await again.vault.open(sealed, aad)).toBe('Nguyễn Thị Hoa');
    expect(await again.vault.open(sealed, utf8('another row'))).toBeNull();
  });

  it('a wrong PIN opens nothing', async () => {
    const { record } = await newVault();
    expect(await openVaultWith(record, '739265', none, ports)).toBeNull();
    expect(await rewrapVault(record, { old: '000000', next: '508173' }, ports)).toBeNull();
  });

  it('the right PIN with another phone’s secret opens nothing', async () => {
    const [mine, other] = [await newVault(), await newVault()];
    expect(
      await openVaultWith({ ...mine.record, secret: other.record.secret }, '739264', none, ports),
    ).toBeNull();
  });

  it('keeps neither PIN nor raw key nor private key in what it stores', async () => {
    const { record, envelopes, box } = await newVault();
    const raw = (await openBox(box, envelopes[0]!.box, keyAad(person, device, record.current)))!;
    const stored = JSON.stringify({ ...record, secret: null });
    expect(stored).not.toContain('739264');
    expect(stored).not.toContain(Buffer.from(raw).toString('base64url'));
    expect(record.secret.extractable).toBe(false);
  });

  it('a changed PIN opens the same keys, the old one nothing', async () => {
    const { record, vault } = await newVault();
    const sealed = (await vault.seal('ghi chú', aad))!;
    const changed = (await rewrapVault(record, { old: '739264', next: '508173' }, ports))!;
    expect(await openVaultWith(changed, '739264', none, ports)).toBeNull();
    expect(await (await openVaultWith(changed, '508173', none, ports))!.vault.open(sealed, aad)).toBe(
      'ghi chú',
    );
  });

  it('signs as the device: the registered public key verifies it', async () => {
    const { vault, signing } = await newVault();
    const signature = (await vault.sign('xks'))!;
    const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
    const key = await crypto.subtle.importKey('raw', fromBase64url(signing.publicKey)!, algorithm, false, [
      'verify',
    ]);
    expect(await crypto.subtle.verify(algorithm, key, fromBase64url(signature)!, utf8('xks'))).toBe(true);
  });
});

describe('A2 lost PIN: the envelope brings the key back', () => {
  it('opens old records under a new PIN, with the old key still in use', async () => {
    const before = await newVault();
    const sealed = (await before.vault.seal('lượt chưa gửi', aad))!;
    const { current } = before.record;
    const raw = (await openBox(before.box, before.envelopes[0]!.box, keyAad(person, device, current)))!;
    const after = await newVault('508173', [{ key: current, raw }], current);
    expect(after.record.current).toBe(current);
    expect(await after.vault.open(sealed, aad)).toBe('lượt chưa gửi');
    expect([...raw].every((byte) => byte === 0)).toBe(true);
  });

  it('without the old key a new one is made, and the old record stays closed', async () => {
    const before = await newVault();
    const sealed = (await before.vault.seal('lượt chưa gửi', aad))!;
    const after = await newVault('508173', [], before.record.current);
    expect(after.record.current).not.toBe(before.record.current);
    expect(await after.vault.open(sealed, aad)).toBeNull();
  });

  it('seals the key anew when an answer names another delivery key, and only then', async () => {
    const { record, envelopes, deliveryKey } = await newVault();
    const same = (await openVaultWith(record, '739264', { key: deliveryKey, envelopes }, ports))!;
    expect(same.envelopes).toEqual([]);
    const next = await makeBoxKeys();
    const moved = (await openVaultWith(
      record,
      '739264',
      { key: { id: 'k2', publicKey: next.publicKey }, envelopes },
      ports,
    ))!;
    expect(moved.envelopes.map(({ to }) => to)).toEqual(['k2']);
    const raw = await openBox(next, moved.envelopes[0]!.box, keyAad(person, device, record.current));
    expect(raw).toHaveLength(32);
  });
});
