import type { PersonId } from '../../domain/record/ids.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Random } from '../../kernel/random.ts';
import type { Account } from '../../protocol/enrol.ts';
import type { CourierEvent } from '../courier/courier-world.ts';
import { browserWorld } from '../courier/browser-world.ts';
import { startCourier } from '../courier/start-courier.ts';
import { deviceLabel } from '../enrolment/device-label.ts';
import { askForSync } from '../pwa/background-sync.ts';
import { lookForEviction } from '../storage-health/eviction.ts';
import { writeMeta } from '../store/meta.ts';
import { fileReserve } from '../store/reserve.ts';
import { openDeviceStore } from '../vault/device-store.ts';
import { kdfInWorker } from '../vault/kdf-in-worker.ts';
import { accountShelves, type OpenDatabases, openDatabases } from './account-shelves.ts';
import { makePhoneSession, type PhoneSession, type SessionPorts } from './phone-session.ts';
import { sealerOf } from './vault-sealer.ts';

const clock: Clock = { now: () => Date.now() };
const random: Random = { bytes: (length) => crypto.getRandomValues(new Uint8Array(length)) };
const askFetch: SessionPorts['fetch'] = (input, init) => fetch(input, init);

interface Courier {
  wake(why: string): void;
}

function portsOf(databases: OpenDatabases, courier: Courier): SessionPorts {
  const device = openDeviceStore();
  const reserve = fileReserve(navigator.storage);
  const saved = (): void => {
    courier.wake('saved');
    void askForSync();
  };
  return {
    device,
    shelves: accountShelves(databases),
    kdf: kdfInWorker,
    clock,
    random,
    fetch: askFetch,
    label: deviceLabel(navigator.userAgent),
    after: (ms, run) => {
      const timer = setTimeout(run, ms);
      return () => clearTimeout(timer);
    },
    openPhone: async (vault) => {
      const db = await databases.of(vault.person);
      void reserve.lay();
      return { db, sealer: sealerOf(vault), clock, random, reserve, saved };
    },
    wake: (why) => courier.wake(why),
    keepAccount: async (account: Account) =>
      writeMeta((await databases.of(account.person)).relaxed, 'account', account),
    dropDatabase: (person) => databases.drop(person),
    lookForEviction: () => lookForEviction(device, askFetch),
  };
}

/** What the courier finds out and only an open page can act on. */
function heard(session: PhoneSession, event: CourierEvent): void {
  if (event.kind === 'revoked') void session.revoked(event.person);
  if (event.kind === 'session_needed') void session.renew();
}

async function start(app: string): Promise<PhoneSession> {
  // The courier asks the session for keys, the session wakes the courier: each is told of the other when both are there.
  const parts: { session?: PhoneSession; courier?: Courier } = {};
  const courier: Courier = { wake: (why) => parts.courier?.wake(why) };
  const databases = openDatabases();
  const session = await makePhoneSession(portsOf(databases, courier));
  parts.session = session;
  const world = browserWorld({
    pullKey: (person: PersonId) => session.pullKey(person),
    tell: (event: CourierEvent) => heard(session, event),
    openDb: (person: PersonId) => databases.of(person),
    app,
  });
  parts.courier = startCourier(world);
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
