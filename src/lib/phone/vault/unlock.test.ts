import { IDBFactory, IDBKeyRange } from 'fake-indexeddb';
import { afterEach, describe, expect, it } from 'vitest';
import type { DeviceId, PersonId } from '../../domain/record/ids.ts';
import { makeBoxKeys } from '../../kernel/crypto/sealed-box.ts';
import type { KeyEnvelope } from '../../protocol/envelope.ts';
import type { AccountShelf, DeliveryKey } from './account-shelf.ts';
import { deriveArgon2id } from './argon2.ts';
import { makeDeviceKeys } from './device-signer.ts';
import { type DeviceStore, openDeviceStore } from './device-store.ts';
import { turnOf } from './pin-turn.ts';
import { changePin, type UnlockPorts, unlockVault } from './unlock.ts';
import { makeVault } from './vault.ts';

const person = '0190f0a0-0000-7000-8000-000000000001' as PersonId;
const id = '0190f0a0-0000-7000-8000-0000000000d1' as DeviceId;
const opened: DeviceStore[] = [];
afterEach(() => opened.splice(0).forEach((store) => store.close()));

async function phone() {
  const idb = { indexedDB: new IDBFactory(), IDBKeyRange };
  const world = { now: 1_000_000, derived: 0, broken: false, delivery: null as DeliveryKey | null };
  const envelopes: KeyEnvelope[] = [];
  const shelf: AccountShelf = {
    deliveryKey: () => Promise.resolve(world.delivery),
    envelopes: () => Promise.resolve(envelopes),
    putEnvelopes: (more) => Promise.resolve(void envelopes.splice(0, envelopes.length, ...more)),
  };
  const open = (): UnlockPorts => {
    const device = openDeviceStore(idb);
    opened.push(device);
    return {
      device,
      shelves: { shelf: () => shelf, setUp: () => Promise.resolve() },
      clock: { now: () => world.now },
      random: { bytes: (length) => crypto.getRandomValues(new Uint8Array(length)) },
      kdf: {
        derive: (secret, p) => {
          world.derived += 1;
          if (world.broken) return Promise.reject(new Error('no memory'));
          return deriveArgon2id(secret, { ...p, memoryKiB: 64, passes: 1 });
        },
      },
    };
  };
  const ports = open();
  const box = await makeBoxKeys();
  const signing = await makeDeviceKeys();
  const deliveryKey = { id: 'k1', publicKey: box.publicKey };
  const made = await makeVault(
    { person, device: id, pin: '739264', deliveryKey, signing, oldKeys: [], formerKey: null },
    ports,
  );
  await ports.device.putVault(made.record);
  return { ports, open, world, envelopes };
}

describe('A2 unlocking', () => {
  it('slows wrong PINs down and does not even try one inside the wait', async () => {
    const { ports, world } = await phone();
    expect(await unlockVault(ports, person, '000000')).toEqual({
      ok: false,
      error: { kind: 'wrong_pin', left: 9, waitMs: 1000 },
    });
    const derived = world.derived;
    expect(await unlockVault(ports, person, '739264')).toEqual({
      ok: false,
      error: { kind: 'wait', waitMs: 1000 },
    });
    expect(world.derived).toBe(derived);
    world.now += 1000;
    expect((await unlockVault(ports, person, '739264')).ok).toBe(true);
    expect(await turnOf(ports, person)).toEqual({ is: 'may_try' });
  });

  it('remembers wrong PINs over a restart of the app', async () => {
    const { ports, open, world } = await phone();
    await unlockVault(ports, person, '000000');
    world.now += 1000;
    await unlockVault(ports, person, '000001');
    ports.device.close();
    expect(await turnOf(open(), person)).toEqual({ is: 'wait', waitMs: 2000 });
  });

  it('a try that is killed before its answer counts as wrong', async () => {
    const { ports, open } = await phone();
    const before = await ports.device.vault(person);
    const dying: UnlockPorts = { ...ports, kdf: { derive: () => Promise.race<never>([]) } };
    void unlockVault(dying, person, '000000');
    await expect.poll(async () => (await ports.device.vault(person))?.attempts.wrong).toBe(1);
    expect(before?.attempts.wrong).toBe(0);
    expect((await turnOf(open(), person))?.is).toBe('wait');
  });

  it('after ten the right PIN opens nothing either', async () => {
    const { ports, world } = await phone();
    for (let n = 0; n < 9; n++) {
      expect(await unlockVault(ports, person, '000000')).toMatchObject({
        error: { kind: 'wrong_pin', left: 9 - n },
      });
      world.now += 300_000;
    }
    expect(await unlockVault(ports, person, '000000')).toEqual({ ok: false, error: { kind: 'spent' } });
    world.now += 10 * 300_000;
    expect(await unlockVault(ports, person, '739264')).toEqual({ ok: false, error: { kind: 'spent' } });
  });

  it('broken machinery is not held against the person', async () => {
    const { ports, world } = await phone();
    world.broken = true;
    expect(await unlockVault(ports, person, '739264')).toEqual({ ok: false, error: { kind: 'failed' } });
    expect(await turnOf(ports, person)).toEqual({ is: 'may_try' });
  });

  it('changes the PIN, asking for the old one', async () => {
    const { ports, world } = await phone();
    expect(await changePin(ports, person, { old: '000000', next: '508173' })).toMatchObject({ ok: false });
    world.now += 1000;
    expect(await changePin(ports, person, { old: '739264', next: '508173' })).toEqual({
      ok: true,
      value: null,
    });
    expect((await unlockVault(ports, person, '508173')).ok).toBe(true);
  });

  it('seals the data key anew at the next unlock when an answer has named another delivery key', async () => {
    const { ports, world, envelopes } = await phone();
    world.delivery = { id: 'k2', publicKey: (await makeBoxKeys()).publicKey };
    await unlockVault(ports, person, '739264');
    expect(envelopes.map(({ to }) => to)).toEqual(['k2']);
  });
});
