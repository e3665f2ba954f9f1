import type { PersonId } from '../../domain/record/ids.ts';
import type { Bytes } from '../../kernel/bytes.ts';
import { accountsWithDb } from '../store/accounts-here.ts';
import { type AccountDb, openAccountDb } from '../store/open-account-db.ts';
import { pageLocks, webLocks } from './browser-locks.ts';
import type { CourierEvent, CourierWorld, TimerPort } from './courier-world.ts';

/** The courier's world, with the accounts that it delivers for. */
export interface PhoneWorld extends CourierWorld {
  /** Everybody who has a database here, whoever is in front. */
  readonly accounts: () => Promise<readonly PersonId[]>;
  readonly openDb: (person: PersonId) => Promise<AccountDb>;
  /** What the browser believes of the network: tells "no signal" from a ward that does not answer, decides nothing. */
  readonly online: () => boolean;
}

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

/** One connection an account, opened when it is first needed; one that failed to open is tried again. */
function keptDatabases(): (person: PersonId) => Promise<AccountDb> {
  const open = new Map<PersonId, Promise<AccountDb>>();
  return (person) => {
    const standing = open.get(person);
    if (standing) return standing;
    const opening = openAccountDb(person);
    open.set(person, opening);
    opening.catch(() => open.delete(person));
    return opening;
  };
}

const onePageLocks = pageLocks();

/** The courier's world made of the browser's own parts; the same in a page and in the service worker. */
export function browserWorld(ports: {
  readonly pullKey: (person: PersonId) => string | null;
  readonly tell: (event: CourierEvent) => void;
  readonly app: string;
  /** The page's own connections, so that there are not two sets; its own otherwise. */
  readonly openDb?: (person: PersonId) => Promise<AccountDb>;
}): PhoneWorld {
  const { locks } = navigator as Partial<Pick<Navigator, 'locks'>>;
  return {
    fetch: (url, init) => fetch(url, init),
    clock: { now: () => Date.now() },
    random: { bytes: (length) => crypto.getRandomValues(new Uint8Array(length)) },
    timer,
    lock: locks === undefined ? onePageLocks : webLocks(locks),
    gzip: 'CompressionStream' in globalThis ? gzip : null,
    accounts: () => accountsWithDb(indexedDB),
    openDb: ports.openDb ?? keptDatabases(),
    pullKey: ports.pullKey,
    tell: ports.tell,
    app: ports.app,
    online: () => navigator.onLine,
  };
}
