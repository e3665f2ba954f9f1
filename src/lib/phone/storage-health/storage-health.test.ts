import { IDBFactory, IDBKeyRange } from 'fake-indexeddb';
import { describe, expect, it } from 'vitest';
import type { DeviceId } from '../../domain/record/ids.ts';
import { openDeviceStore } from '../vault/device-store.ts';
import { lookForEviction } from './eviction.ts';
import { askToPersist, readStorageHealth } from './storage-health.ts';

const device = () => openDeviceStore({ indexedDB: new IDBFactory(), IDBKeyRange });
const json = (body: unknown) =>
  Promise.resolve(new Response(JSON.stringify(body), { headers: { 'content-type': 'application/json' } }));
const marks = [{ replica: '0190f0a0-0000-7000-8000-000000000001', lastSeq: 12, lastSeenAt: 5 }];

describe('E1 storage: kept, measured, and its loss said', () => {
  it('keeps the browser’s answer, and asks again while it is no', async () => {
    const store = device();
    const answers = [false, true];
    const storage = {
      persist: () => Promise.resolve(answers.shift() ?? true),
      persisted: () => Promise.resolve(answers.length === 0),
    };
    expect((await readStorageHealth(storage, store)).persist).toBe('not_asked');
    expect(await askToPersist(storage, store)).toBe('refused');
    expect((await readStorageHealth(storage, store)).persist).toBe('refused');
    expect(await askToPersist(storage, store)).toBe('granted');
    expect((await readStorageHealth(storage, store)).persist).toBe('granted');
  });

  it('a yes that the browser took back is no yes', async () => {
    const store = device();
    await store.putFact('persist', 'granted');
    expect((await readStorageHealth({ persisted: () => Promise.resolve(false) }, store)).persist).toBe(
      'refused',
    );
  });

  it('a browser without these calls says unknown, not granted', async () => {
    const store = device();
    expect(await askToPersist({}, store)).toBe('unknown');
    expect(await readStorageHealth({}, store)).toEqual({
      persist: 'unknown',
      usedBytes: null,
      quotaBytes: null,
      tiny: false,
    });
  });

  it('names a private window by its tiny quota', async () => {
    const estimate = () => Promise.resolve({ usage: 1000, quota: 50 * 1024 * 1024 });
    expect((await readStorageHealth({ estimate }, device())).tiny).toBe(true);
  });

  it('an emptied phone is told so; a new one and a working one are not', async () => {
    const emptied = await lookForEviction(device(), () => json({ marks }));
    expect(emptied).toEqual({ lastSeq: 12, lastSeenAt: 5 });
    expect(await lookForEviction(device(), () => json({ marks: [] }))).toBeNull();
    const working = device();
    await working.putFact('device', '0190f0a0-0000-7000-8000-0000000000d1' as DeviceId);
    expect(await lookForEviction(working, () => json({ marks }))).toBeNull();
    expect(await lookForEviction(device(), () => Promise.reject(new TypeError('offline')))).toBeNull();
  });
});
