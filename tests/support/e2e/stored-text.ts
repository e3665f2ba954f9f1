import type { Page } from '@playwright/test';

/**
 * All that a page without keys can read of its origin: every value of every database, local and session storage, cookies
 * that scripts see, and every kept answer. Bytes are told as UTF-8 and as UTF-16.
 */
export function storedText(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const parts: string[] = [];
    const bytesOf = (value: ArrayBuffer | ArrayBufferView): Uint8Array<ArrayBuffer> => {
      const view = value instanceof ArrayBuffer ? new Uint8Array(value) : value;
      return new Uint8Array(
        view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength) as ArrayBuffer,
      );
    };
    const tell = (value: unknown): void => {
      if (typeof value === 'string') parts.push(value);
      else if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) {
        const bytes = bytesOf(value);
        parts.push(new TextDecoder().decode(bytes), new TextDecoder('utf-16le').decode(bytes));
      } else if (value instanceof Map) for (const pair of value) pair.forEach(tell);
      else if (typeof value === 'object' && value !== null)
        for (const [name, inner] of Object.entries(value)) {
          parts.push(name);
          tell(inner);
        }
    };
    const asked = <T>(request: IDBRequest<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(new Error(request.error?.message));
      });
    for (const { name } of await indexedDB.databases()) {
      const db = await asked(indexedDB.open(name ?? ''));
      for (const store of Array.from(db.objectStoreNames)) {
        const table = db.transaction(store).objectStore(store);
        tell(await asked(table.getAllKeys()));
        tell(await asked(db.transaction(store).objectStore(store).getAll()));
      }
      db.close();
    }
    for (const storage of [localStorage, sessionStorage]) tell(Object.fromEntries(Object.entries(storage)));
    tell(document.cookie);
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const request of await cache.keys()) {
        parts.push(request.url);
        const type = (await cache.match(request))?.headers.get('content-type') ?? '';
        if (/json|html|text\/plain/.test(type))
          parts.push((await (await cache.match(request))?.text()) ?? '');
      }
    }
    return parts.join('\n').normalize('NFC');
  });
}
