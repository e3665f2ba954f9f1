import { IDBFactory, IDBKeyRange } from 'fake-indexeddb';
import { expect } from 'vitest';
import type { PersonId } from '$lib/domain/record/ids.ts';
import type { CourierEvent, LockPort } from '$lib/phone/courier/courier-world.ts';
import { openDatabases } from '$lib/phone/session/account-shelves.ts';
import { type WiredPhone, wirePhone } from '$lib/phone/session/wire-session.ts';
import { accountsWithDb } from '$lib/phone/store/accounts-here.ts';
import { deriveArgon2id } from '$lib/phone/vault/argon2.ts';
import { openDeviceStore } from '$lib/phone/vault/device-store.ts';
import { enrolDoors } from './enrol-doors.ts';
import { PlainWard } from './plain-ward.ts';
import { NOON, testClock } from './test-phone.ts';
import { testLocks } from './test-world.ts';

/** A page of the app on this phone: production session and courier, as `start-session.ts` wires them. */
export type OpenPage = WiredPhone & { close(): void };

/** A phone and its ward, with only the browser's own parts stood in for: storage, network, time. */
export async function wholePhone() {
  const doors = await enrolDoors();
  const ward = new PlainWard();
  ward.deliveryKey = doors.state.deliveryKey;
  doors.state.epoch = ward.epoch;
  doors.state.enrolled = (request, account, token) => ward.enrol(request.replica, token, account);
  const idb = { indexedDB: new IDBFactory(), IDBKeyRange };
  const clock = testClock(NOON);
  const locks: LockPort = testLocks();
  const events: CourierEvent[] = [];
  const random = { bytes: (length: number) => crypto.getRandomValues(new Uint8Array(length)) };
  const fetch = async (url: string, init: RequestInit): Promise<Response> => {
    if (doors.state.offline) throw new TypeError('offline');
    if (url !== '/api/sync' && url !== '/api/replica') return doors.fetch(url, init);
    const token = (new Headers(init.headers).get('authorization') ?? '').replace('Bearer ', '');
    const replica = ward.replicas.get(ward.tokens.get(token) ?? '');
    // A session is a cookie of one person: another one's round does not read with it.
    ward.signedIn = init.credentials !== 'omit' && doors.state.session === replica?.account.person;
    return ward.fetch(url, init);
  };
  const load = async (): Promise<OpenPage> => {
    const databases = openDatabases(idb);
    const wired = await wirePhone({
      device: openDeviceStore(idb),
      databases,
      kdf: { derive: (secret, p) => deriveArgon2id(secret, { ...p, memoryKiB: 64, passes: 1 }) },
      clock,
      random,
      fetch,
      userAgent: 'Android Chrome/140',
      after: () => () => undefined,
      lookForEviction: () => Promise.resolve(null),
      askForSync: () => Promise.resolve(),
      calm: () => Promise.resolve(),
      world: (inside) => ({
        ...inside,
        tell: (event) => {
          events.push(event);
          inside.tell(event);
        },
        fetch,
        clock,
        random,
        timer: {
          wait: (_ms, signal) =>
            new Promise((resolve) => {
              if (signal?.aborted) resolve();
              signal?.addEventListener('abort', () => resolve(), { once: true });
            }),
        },
        lock: locks,
        gzip: null,
        app: 'test',
        online: () => !doors.state.offline,
        accounts: () => accountsWithDb(idb.indexedDB),
      }),
    });
    return { ...wired, close: () => wired.courier.stop() };
  };
  return { doors, ward, idb, clock, events, load };
}

/** Redeems a code and sets the PIN. */
export async function enrolWith({ session }: OpenPage, code: string, pin: string): Promise<PersonId> {
  const enrolment = await session.enrolment();
  const redeemed = await enrolment.redeem(code);
  if (!redeemed.ok) throw new Error(redeemed.error.kind);
  const finished = await enrolment.finish(pin);
  if (!finished.ok) throw new Error(finished.error.kind);
  return redeemed.value.account.person;
}

/** A phone with one person on it, unlocked and signed in. */
export async function enrolledPhone(pin: string) {
  const phone = await wholePhone();
  const page = await phone.load();
  const person = await enrolWith(page, 'AAAAAAAAAA', pin);
  await expect.poll(() => unlocked(page).signedIn).toBe('yes');
  return { ...phone, page, person };
}

/** The unlocked phone in front. */
export function unlocked({ session }: OpenPage) {
  const state = session.get();
  if (state.is !== 'unlocked') throw new Error(`is ${state.is}`);
  return state;
}
