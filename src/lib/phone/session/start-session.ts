import { askForSync } from '../pwa/background-sync.ts';
import { openDeviceStore } from '../vault/device-store.ts';
import { kdfInWorker } from '../vault/kdf-in-worker.ts';
import { openDatabases } from './account-shelves.ts';
import type { PhoneSession, SessionPorts } from './phone-session.ts';
import { wirePhone } from './wire-session.ts';

const askFetch: SessionPorts['fetch'] = (input, init) => fetch(input, init);

/** A page in the background draws nothing: its courier comes all the same. */
const CALM_AT_LAST_MS = 5000;
let tellDrawn = (): void => undefined;
const drawn = new Promise<void>((resolve) => {
  tellDrawn = resolve;
  setTimeout(resolve, CALM_AT_LAST_MS);
});

/** The first screen stands: told once it has been painted, so that the courier's code does not come in its way. */
export function screenDrawn(): void {
  requestAnimationFrame(() => setTimeout(tellDrawn));
}

async function start(app: string): Promise<PhoneSession> {
  const device = openDeviceStore();
  const { session } = await wirePhone({
    device,
    databases: openDatabases(),
    kdf: kdfInWorker,
    clock: { now: () => Date.now() },
    random: { bytes: (length) => crypto.getRandomValues(new Uint8Array(length)) },
    fetch: askFetch,
    userAgent: navigator.userAgent,
    after: (ms, run) => {
      const timer = setTimeout(run, ms);
      return () => clearTimeout(timer);
    },
    lookForEviction: async () => {
      const { lookForEviction } = await import('../storage-health/eviction.ts');
      return lookForEviction(device, askFetch);
    },
    askForSync,
    calm: () => drawn,
    world: async (inside) => {
      const { browserWorld } = await import('../courier/browser-world.ts');
      return browserWorld({ ...inside, app });
    },
  });
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') void session.look();
  });
  return session;
}

let started: Promise<PhoneSession> | null = null;

/** The one session of this page; asked again it is the same. `app`: the build, as the server is told it. */
export function startSession(app: string): Promise<PhoneSession> {
  started ??= start(app);
  return started;
}
