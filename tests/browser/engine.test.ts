import { describe, expect, it } from 'vitest';

/** What the phone's storage rests on is there in the browser that the tests drive: without it they would prove nothing. */
describe('the browser under test', () => {
  it('keeps what an IndexedDB transaction with strict durability has completed', async () => {
    const open = indexedDB.open('xks-engine-test', 1);
    open.onupgradeneeded = () => open.result.createObjectStore('kept');
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      open.onsuccess = () => resolve(open.result);
      open.onerror = () => reject(open.error ?? new Error('open'));
    });
    const write = database.transaction('kept', 'readwrite', { durability: 'strict' });
    write.objectStore('kept').put('đã lưu', 1);
    await new Promise((resolve) => {
      write.oncomplete = resolve;
    });
    const read = database.transaction('kept').objectStore('kept').get(1);
    await new Promise((resolve) => {
      read.onsuccess = resolve;
    });
    expect(read.result).toBe('đã lưu');
    expect(write.durability).toBe('strict');
    database.close();
    indexedDB.deleteDatabase('xks-engine-test');
  });

  it('has Web Locks, WebCrypto, gzip streams and a service worker container', () => {
    expect([navigator.locks, crypto.subtle, navigator.serviceWorker, CompressionStream].every(Boolean)).toBe(
      true,
    );
  });
});
