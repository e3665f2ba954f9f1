import type { SyncStore, WardWriter } from '$lib/server/sync/store.ts';

/** The server's process is gone: whoever asked hears nothing, and what was not committed is not there. */
export class ServerDied extends Error {
  constructor() {
    super('the server died');
    this.name = 'ServerDied';
  }
}

/** One run of the server. It can be killed at any call of its storage, before and after each commit among them. */
export class ServerProcess {
  #dead = false;
  #calls = 0;
  #killAt = 0;

  get dead(): boolean {
    return this.#dead;
  }

  /** Arms the kill for this many calls from now; 0 disarms. */
  killIn(calls: number): void {
    this.#killAt = calls === 0 ? 0 : this.#calls + calls;
  }

  /** One call. Throws when the process is, or is now, dead. */
  call(): void {
    if (!this.#dead) {
      this.#calls += 1;
      this.#dead = this.#killAt > 0 && this.#calls >= this.#killAt;
    }
    if (this.#dead) throw new ServerDied();
  }

  async around<T>(work: () => Promise<T>): Promise<T> {
    this.call();
    const value = await work();
    this.call();
    return value;
  }
}

/** The store as one server process uses it: dying inside a transaction takes that transaction with it. */
export function storeOf(process: ServerProcess, store: SyncStore): SyncStore {
  const mortal = (tx: WardWriter): WardWriter => ({
    ...tx,
    commit: (changes) => process.around(() => tx.commit(changes)),
  });
  return {
    read: (ward, work) => process.around(() => store.read(ward, work)),
    write: (ward, work) => process.around(() => store.write(ward, (tx) => work(mortal(tx)))),
    epochs: () => process.around(() => store.epochs()),
    takeEpoch: (epoch) => process.around(() => store.takeEpoch(epoch)),
    meetSigningKey: (keyId, at) => process.around(() => store.meetSigningKey(keyId, at)),
    noteContact: (ward, contact) => process.around(() => store.noteContact(ward, contact)),
    noteGap: (...given) => process.around(() => store.noteGap(...given)),
    makeOfficeReplica: (ward, replica, at) =>
      process.around(() => store.makeOfficeReplica(ward, replica, at)),
  };
}
