/** One transaction as the browser was asked for it. */
export interface SeenTransaction {
  readonly mode: IDBTransactionMode;
  readonly durability: string;
  readonly stores: readonly string[];
}

/** From now on every transaction of this page is noted. */
export function watchTransactions(): void {
  const prototype = IDBDatabase.prototype as unknown as Record<'transaction', Begin>;
  const begin = prototype.transaction;
  prototype.transaction = function (this: IDBDatabase, ...given) {
    const transaction = begin.apply(this, given);
    const stores = [...transaction.objectStoreNames];
    watchTransactions.seen.push({ mode: transaction.mode, durability: transaction.durability, stores });
    return transaction;
  };
}
watchTransactions.seen = [] as SeenTransaction[];

type Begin = (this: IDBDatabase, ...given: Parameters<IDBDatabase['transaction']>) => IDBTransaction;
type Write = (this: IDBObjectStore, ...given: unknown[]) => IDBRequest;

/**
 * At the n-th write request from now on the page stands still inside its transaction, asking to be killed: nothing of its
 * own code runs any more.
 */
export function dieAtWrite(n: number): void {
  const prototype = IDBObjectStore.prototype as unknown as Record<'put' | 'add' | 'delete', Write>;
  let writes = 0;
  for (const method of ['put', 'add', 'delete'] as const) {
    const whole = prototype[method];
    prototype[method] = function (this: IDBObjectStore, ...given) {
      writes += 1;
      const request = whole.apply(this, given);
      if (writes === n) standStill();
      return request;
    };
  }
}

function standStill(): void {
  const asking = new XMLHttpRequest();
  asking.open('POST', '/die', false);
  asking.send();
}
