import Dexie from 'dexie';
import { afterEach, describe, expect, it } from 'vitest';
import type { DeviceId, PersonId } from '$lib/domain/record/ids.ts';
import { utf8 } from '$lib/kernel/bytes.ts';
import { makeBoxKeys } from '$lib/kernel/crypto/sealed-box.ts';
import { accountShelves, openDatabases } from '$lib/phone/session/account-shelves.ts';
import { deriveArgon2id } from '$lib/phone/vault/argon2.ts';
import { makeDeviceKeys } from '$lib/phone/vault/device-signer.ts';
import { openDeviceStore } from '$lib/phone/vault/device-store.ts';
import { kdfInWorker } from '$lib/phone/vault/kdf-in-worker.ts';
import { KDF_STRENGTH } from '$lib/phone/vault/kdf.ts';
import { turnOf } from '$lib/phone/vault/pin-turn.ts';
import { changePin, type UnlockPorts, unlockVault } from '$lib/phone/vault/unlock.ts';
import { makeVault } from '$lib/phone/vault/vault.ts';

/** Real IndexedDB, real WebCrypto, Argon2id at full strength in its worker. */
const person = '0190f0a0-0000-7000-8000-000000000001' as PersonId;
const device = '0190f0a0-0000-7000-8000-0000000000d1' as DeviceId;
const PIN = '739264';

afterEach(async () => {
  for (const name of await Dexie.getDatabaseNames()) await Dexie.delete(name);
});

function ports(now = () => Date.now()): UnlockPorts {
  return {
    device: openDeviceStore(),
    shelves: accountShelves(openDatabases()),
    kdf: kdfInWorker,
    clock: { now },
    random: { bytes: (length) => crypto.getRandomValues(new Uint8Array(length)) },
  };
}

async function enrolled(now?: () => number) {
  const made = ports(now);
  const deliveryKey = { id: 'k1', publicKey: (await makeBoxKeys()).publicKey };
  const signing = await makeDeviceKeys();
  const vault = await makeVault(
    { person, device, pin: PIN, deliveryKey, signing, oldKeys: [], formerKey: null },
    made,
  );
  await made.device.putVault(vault.record);
  return { made, vault: vault.vault, record: vault.record };
}

/** Every value of every table of every database of this origin, as text; bytes as base64 of their content. */
async function everythingStored(): Promise<string> {
  const parts: unknown[] = [];
  for (const name of await Dexie.getDatabaseNames()) {
    const db = await new Dexie(name).open();
    for (const table of db.tables) parts.push(await table.toArray());
    db.close();
  }
  return JSON.stringify(parts);
}

describe('A2 the vault in a real browser', () => {
  it('derives in a worker what the same function gives anywhere', async () => {
    const parameters = { ...KDF_STRENGTH, salt: 'AAAAAAAAAAAAAAAAAAAAAA' };
    const [worker, page] = await Promise.all([
      kdfInWorker.derive(new Uint8Array(32), parameters),
      deriveArgon2id(new Uint8Array(32), parameters),
    ]);
    expect(worker).toEqual(page);
    expect(worker).toHaveLength(32);
  });

  it('opens after the page is gone: the non-extractable secret comes back from storage and still works', async () => {
    const { made, vault } = await enrolled();
    const sealed = (await vault.seal('Nguyễn Thị Hoa', utf8('row')))!;
    made.device.close();
    const again = ports();
    const opened = await unlockVault(again, person, PIN);
    expect(opened.ok && (await opened.value.open(sealed, utf8('row')))).toBe('Nguyễn Thị Hoa');
    const { secret, measuredMs } = (await again.device.vault(person))!;
    expect(secret.extractable).toBe(false);
    await expect(crypto.subtle.exportKey('raw', secret)).rejects.toThrow();
    expect(measuredMs).toBeGreaterThan(0);
    again.device.close();
  });

  it('holds neither the PIN nor what was sealed anywhere in storage', async () => {
    const { made, vault } = await enrolled();
    const sealed = (await vault.seal('Marker Thị Hoa', utf8('row')))!;
    await made.device.putFact('front', person);
    const stored = await everythingStored();
    expect(stored).toContain(person);
    expect(stored).not.toContain(PIN);
    expect(stored).not.toContain('Marker');
    expect(sealed.blob).not.toContain('Marker');
    made.device.close();
  });

  it('counts a wrong PIN before it answers, over a reload', async () => {
    const now = 1_000_000;
    const { made } = await enrolled(() => now);
    expect(await unlockVault(made, person, '000000')).toMatchObject({
      error: { kind: 'wrong_pin', left: 9 },
    });
    made.device.close();
    const again = ports(() => now);
    expect(await turnOf(again, person)).toEqual({ is: 'wait', waitMs: 1000 });
    again.device.close();
  });

  it('two tabs that try at once count both tries', async () => {
    const now = 1_000_000;
    const { made } = await enrolled(() => now);
    const other = ports(() => now);
    const tries = await Promise.all([
      unlockVault(made, person, '000000'),
      unlockVault(other, person, '000001'),
    ]);
    const kinds = tries.map((tried) => (tried.ok ? 'opened' : tried.error.kind)).sort();
    expect(kinds).toEqual(['wait', 'wrong_pin']);
    made.device.close();
    other.device.close();
  });

  it('changes the PIN under the same keys', async () => {
    const { made, vault } = await enrolled();
    const sealed = (await vault.seal('ghi chú', utf8('row')))!;
    expect(await changePin(made, person, { old: PIN, next: '508173' })).toEqual({ ok: true, value: null });
    const opened = await unlockVault(made, person, '508173');
    expect(opened.ok && (await opened.value.open(sealed, utf8('row')))).toBe('ghi chú');
    made.device.close();
  });
});
