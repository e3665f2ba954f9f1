import type { PersonId } from '../../domain/record/ids.ts';
import type { Bytes } from '../../kernel/bytes.ts';
import type { CourierEvent, CourierWorld, LockPort, TimerPort } from './courier-world.ts';

/** Locks over all tabs and workers of this browser. Taken back by the browser when their page dies. */
const webLocks: LockPort = {
  run: async (name, how, work) => {
    const options: LockOptions = how === 'steal' ? { steal: true } : { ifAvailable: true };
    try {
      return await navigator.locks.request(name, options, async (lock) =>
        lock === null ? { held: false } : { held: true, value: await work() },
      );
    } catch (fault) {
      // Stolen while `work` ran: its request is rejected, the work itself finds its lease gone.
      if (fault instanceof DOMException && fault.name === 'AbortError') return { held: false };
      throw fault;
    }
  },
};

const timer: TimerPort = {
  wait: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) {
        resolve();
        return;
      }
      const end = (): void => {
        clearTimeout(running);
        signal?.removeEventListener('abort', end);
        resolve();
      };
      const running = setTimeout(end, ms);
      signal?.addEventListener('abort', end);
    }),
};

async function gzip(bytes: Bytes): Promise<Bytes> {
  const packed = new Blob([bytes]).stream().pipeThrough(new CompressionStream('gzip'));
  return new Uint8Array(await new Response(packed).arrayBuffer());
}

/** The courier's world made of the browser's own parts; the same in a page and in the service worker. */
export function browserWorld(ports: {
  readonly pullKey: (person: PersonId) => string | null;
  readonly tell: (event: CourierEvent) => void;
}): CourierWorld {
  return {
    fetch: (url, init) => fetch(url, init),
    clock: { now: () => Date.now() },
    random: { bytes: (length) => crypto.getRandomValues(new Uint8Array(length)) },
    timer,
    lock: webLocks,
    gzip: 'CompressionStream' in globalThis ? gzip : null,
    ...ports,
  };
}
