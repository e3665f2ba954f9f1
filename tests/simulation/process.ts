import type Dexie from 'dexie';
import type { DBCore, DBCoreTable, DBCoreTransaction } from 'dexie';
import { type AccountDb, type IdbPort, openAccountDb } from '$lib/phone/store/open-account-db.ts';
import type { PersonId } from '$lib/domain/record/ids.ts';

/** A promise of its own each time: one that all share would keep whatever ever waited for it. */
const never = (): Promise<never> => new Promise(() => undefined);

/** One running page or worker. It can be killed at any of its storage or network calls. */
export class SimProcess {
  dead = false;
  #calls = 0;
  #killAt = 0;
  #die: () => void = () => undefined;
  /** Resolves when it has been killed. */
  died: Promise<'killed'>;

  constructor() {
    this.died = new Promise((resolve) => (this.#die = () => resolve('killed')));
  }

  /** Arms the kill for this many calls from now; 0 disarms. */
  killIn(calls: number): void {
    this.#killAt = calls === 0 ? 0 : this.#calls + calls;
  }

  kill(): void {
    this.dead = true;
    this.#die();
  }

  /** One await at a port. True: the process is dead, and nothing of the call happens. */
  call(): boolean {
    if (this.dead) return true;
    this.#calls += 1;
    if (this.#killAt === 0 || this.#calls < this.#killAt) return false;
    this.kill();
    return true;
  }

  /** As `call`, for ports that answer with a promise: those of the dead never do. */
  async port<T>(work: () => Promise<T>): Promise<T> {
    if (this.call()) return never();
    const value = await work();
    return this.dead ? never() : value;
  }
}

function abort(trans: DBCoreTransaction): void {
  try {
    trans.abort();
  } catch {
    // It had ended already.
  }
}

/** Every storage call passes here; a kill takes the open transaction with it. */
function underProcess(tables: Dexie, process: SimProcess): void {
  tables.use({
    stack: 'dbcore',
    name: 'process',
    create: (core: DBCore) => ({
      ...core,
      table: (name: string): DBCoreTable => {
        const table = core.table(name);
        const guarded =
          <R extends { trans: DBCoreTransaction }, T>(work: (request: R) => Promise<T>) =>
          (request: R): Promise<T> => {
            if (!process.call()) return work(request);
            abort(request.trans);
            return never();
          };
        return {
          ...table,
          get: guarded((request) => table.get(request)),
          getMany: guarded((request) => table.getMany(request)),
          query: guarded((request) => table.query(request)),
          count: guarded((request) => table.count(request)),
          openCursor: guarded((request) => table.openCursor(request)),
          mutate: guarded((request) => table.mutate(request)),
        };
      },
    }),
  });
}

/** The account's database as one process sees it. */
export function openUnder(process: SimProcess, person: PersonId, idb: IdbPort): Promise<AccountDb> {
  // As Dexie's own option: both connections are under the process before they are opened.
  const under = { ...idb, addons: [(tables: Dexie) => underProcess(tables, process)] };
  return openAccountDb(person, under);
}

/** Lets transactions that were cut off come to their end. */
export async function settleStorage(): Promise<void> {
  for (let turn = 0; turn < 4; turn++) await new Promise((resolve) => setImmediate(resolve));
}
