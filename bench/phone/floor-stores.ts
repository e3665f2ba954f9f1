import Dexie, { liveQuery, type Table } from 'dexie';

type Item = Readonly<Record<string, unknown>> & { readonly id: string; readonly at: number };

/** Raw IndexedDB with strict durability: one store, one index, no outbox, nothing sealed. */
export class RawFloor {
  #db: IDBDatabase | null = null;

  async open(): Promise<void> {
    const request = indexedDB.open('floor-raw', 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore('r', { keyPath: 'id' }).createIndex('at', 'at');
    };
    this.#db = await new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(new Error(String(request.error)));
    });
  }

  put(item: Item): Promise<void> {
    return new Promise((resolve, reject) => {
      const transaction = this.#db?.transaction('r', 'readwrite', { durability: 'strict' });
      if (transaction === undefined) throw new Error('not open');
      transaction.objectStore('r').put(item);
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(new Error(String(transaction.error)));
    });
  }

  close(): void {
    this.#db?.close();
  }
}

/** Dexie as one would use it bare: one table, one index, a live query over the newest. */
export class DexieFloor {
  readonly #db: Dexie;
  readonly #rows: Table<Item, string>;

  constructor(name = 'floor-dexie') {
    this.#db = new Dexie(name);
    this.#db.version(1).stores({ r: 'id, at' });
    this.#rows = this.#db.table('r');
  }

  async open(): Promise<void> {
    await this.#db.open();
  }

  async put(item: Item): Promise<void> {
    await this.#rows.put(item);
  }

  async putAll(items: readonly Item[]): Promise<void> {
    await this.#rows.bulkPut([...items]);
  }

  all(): Promise<readonly Item[]> {
    return this.#rows.toArray();
  }

  count(): Promise<number> {
    return this.#rows.count();
  }

  newest(limit: number): Promise<readonly Item[]> {
    return this.#rows.orderBy('at').reverse().limit(limit).toArray();
  }

  watch(limit: number, run: (ids: readonly string[]) => void): () => void {
    const watching = liveQuery(() => this.newest(limit)).subscribe((items) => run(items.map(({ id }) => id)));
    return () => watching.unsubscribe();
  }

  close(): void {
    this.#db.close();
  }
}
