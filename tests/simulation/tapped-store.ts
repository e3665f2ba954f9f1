import { StoreDataFault, type SyncStore, type WardChanges } from '$lib/server/sync/store.ts';
import type { Sim } from './sim-world.ts';

/** A mutation that a commit brought in. */
export interface Committed {
  readonly id: string;
  readonly person: string;
  readonly replica: string;
  readonly seq: number;
}

/** Data that the database does not take: the rows of a poisoned save, whenever they would be written. */
function refuseBadData(sim: Sim, changes: WardChanges): void {
  const written = [
    ...changes.mutations.map(({ id, outcome }) => ({ id, outcome })),
    ...changes.changed.flatMap(({ id, judged }) => (judged ? [{ id, outcome: judged.outcome }] : [])),
  ];
  if (written.some(({ id, outcome }) => outcome.is === 'applied' && sim.poisoned.has(id)))
    throw new StoreDataFault(new Error('planted'));
}

/** The store with an ear at each commit, and with bad data where the history has put some. */
export function tapped(store: SyncStore, sim: Sim): SyncStore {
  return new Proxy(store, {
    get: (target, key) => {
      if (key === 'write') {
        const write: SyncStore['write'] = async (ward, work) => {
          const brought: WardChanges[] = [];
          const result = await target.write(ward, (tx) =>
            work({
              ...tx,
              commit: async (changes) => {
                refuseBadData(sim, changes);
                await tx.commit(changes);
                brought.push(changes);
              },
            }),
          );
          for (const { mutations } of brought)
            sim.log.push(...mutations.map(({ id, person, replica, seq }) => ({ id, person, replica, seq })));
          return result;
        };
        return write;
      }
      const value = (target as unknown as Record<PropertyKey, unknown>)[key];
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}
