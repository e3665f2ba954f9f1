import type { LockPort } from '$lib/phone/courier/courier-world.ts';
import type { SimProcess } from './process.ts';

interface Holding {
  readonly process: SimProcess;
}

/** The locks of one browser. Each goes with the page that holds it: the browser lets go of what the dead held. */
export class BrowserLocks {
  readonly #held = new Map<string, Holding>();

  /** As one page asks for them. */
  of(process: SimProcess): LockPort {
    return {
      run: async (name, how, work) => {
        const holder = this.#held.get(name);
        if (how === 'if_free' && holder !== undefined && !holder.process.dead) return { held: false };
        const holding = { process };
        this.#held.set(name, holding);
        try {
          return { held: true, value: await work() };
        } finally {
          if (this.#held.get(name) === holding) this.#held.delete(name);
        }
      },
    };
  }
}
