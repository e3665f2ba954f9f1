import type { LockPort } from './courier-world.ts';

/** Web Locks: over all tabs and workers of this browser. */
export function webLocks(locks: LockManager): LockPort {
  return {
    run: async (name, how, work) => {
      const options: LockOptions = how === 'steal' ? { steal: true } : { ifAvailable: true };
      try {
        return await locks.request(name, options, async (lock) =>
          lock === null ? { held: false as const } : { held: true as const, value: await work() },
        );
      } catch (error) {
        // Somebody took it to be frozen: its own writes have ended with the lease.
        if (error instanceof DOMException && error.name === 'AbortError') return { held: false };
        throw error;
      }
    },
  };
}

/** Where there are none (an insecure address): one holder in this page; the lease in the database guards the rest. */
export function pageLocks(): LockPort {
  const held = new Set<string>();
  return {
    run: async (name, how, work) => {
      if (how === 'if_free' && held.has(name)) return { held: false };
      held.add(name);
      try {
        return { held: true, value: await work() };
      } finally {
        held.delete(name);
      }
    },
  };
}
