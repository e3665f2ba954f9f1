import { StoreDataFault, type SyncStore } from '$lib/server/sync/store.ts';
import type { Envelope } from '$lib/protocol/envelope.ts';
import type { Defect, Sim } from './sim-world.ts';

const oldFormatRefused: Defect = {
  name: 'the oldest format is no longer read',
  focus: { oldSave: 4, oldSync: 3 },
  oldRequest: (body) => {
    const { up } = body as { readonly up: readonly Envelope[] };
    return { ...body, up: up.map((one) => ({ ...one, plain: one.plain.replace('"v":1,', '"v":0,') })) };
  },
};

/** What the tables held before the last commit. */
const before = new WeakMap<Sim, () => Promise<void>>();

const answeredBeforeCommit: Defect = {
  name: 'answered before the commit is kept',
  focus: { restore: 0 },
  store: (store, sim) =>
    new Proxy(store, {
      get: (target, key) => {
        if (key !== 'write') return bound(target, key);
        const write: SyncStore['write'] = async (ward, work) => {
          before.set(sim, await sim.server.backup());
          return target.write(ward, work);
        };
        return write;
      },
    }),
  died: async (sim) => {
    await before.get(sim)?.();
    before.delete(sim);
  },
};

const spoiledBatch: Defect = {
  name: 'bad data spoils what comes with it',
  focus: { log: 2 },
  store: (store, sim) =>
    new Proxy(store, {
      get: (target, key) => {
        if (key !== 'write') return bound(target, key);
        // Whoever has brought something bad is never believed again.
        const write: SyncStore['write'] = (ward, work) =>
          target.write(ward, (tx) =>
            work({
              ...tx,
              commit: async (changes) => {
                const bad = [...sim.poisoned].map((id) => sim.saves.get(id)?.mutation.author as string);
                const fresh = changes.mutations.filter(({ outcome }) => outcome.is === 'applied');
                if (fresh.some(({ person }) => bad.includes(person)))
                  throw new StoreDataFault(new Error('planted'));
                await tx.commit(changes);
              },
            }),
          );
        return write;
      },
    }),
};

function bound(target: SyncStore, key: string | symbol): unknown {
  const value = (target as unknown as Record<PropertyKey, unknown>)[key];
  return typeof value === 'function' ? (value.bind(target) as unknown) : value;
}

/** Mistakes beyond the sixteen: one for each fault that the world has learned since. */
export const MORE_DEFECTS: readonly Defect[] = [oldFormatRefused, answeredBeforeCommit, spoiledBatch];
