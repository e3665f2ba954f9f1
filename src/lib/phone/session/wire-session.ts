import type { PersonId } from '../../domain/record/ids.ts';
import type { Account } from '../../protocol/enrol.ts';
import type { PhoneWorld } from '../courier/browser-world.ts';
import type { CourierEvent } from '../courier/courier-world.ts';
import { lateCourier } from '../courier/late-courier.ts';
import type { Courier } from '../courier/start-courier.ts';
import { writeMeta } from '../store/meta.ts';
import { accountShelves, type OpenDatabases } from './account-shelves.ts';
import { makePhoneSession, type PhoneSession, type SessionPorts } from './phone-session.ts';
import { sealerOf } from './vault-sealer.ts';

/** The courier's world, but for what only the session can tell it. */
export type WorldAround = (
  inside: Pick<PhoneWorld, 'pullKey' | 'tell' | 'openDb'>,
) => PhoneWorld | Promise<PhoneWorld>;

/** What a session is made of: storage, network, time. */
export interface SessionParts extends Pick<
  SessionPorts,
  'device' | 'kdf' | 'clock' | 'random' | 'fetch' | 'userAgent' | 'after' | 'lookForEviction'
> {
  readonly databases: OpenDatabases;
  /** Asks the browser to deliver with no page open, where it can. */
  readonly askForSync: () => Promise<unknown>;
}

/** What a page brings besides. */
export interface PhoneParts extends SessionParts {
  readonly world: WorldAround;
  /** Resolves when the first screen stands: what it does not need is loaded only then. */
  readonly calm: () => Promise<unknown>;
}

export interface WiredPhone {
  readonly session: PhoneSession;
  readonly courier: Courier;
}

/** What the courier finds out and only an open page can act on. */
function heard(session: PhoneSession, event: CourierEvent): void {
  if (event.kind === 'revoked') void session.revoked(event.person);
  if (event.kind === 'session_needed') void session.renew();
  if (event.kind === 'key_needed') void session.keyNeeded(event.person);
}

type CourierInUse = Pick<Courier, 'wake' | 'sendNow'>;

/** For who delivers by hand. */
export const NO_COURIER: CourierInUse = {
  wake: () => undefined,
  sendNow: () => Promise.resolve({ is: 'nothing' }),
};

/** What a session is made of, wherever it runs: a page, or a test's and the bench's phone without a courier of its own. */
export function sessionPorts(parts: SessionParts, courier: CourierInUse): SessionPorts {
  const { databases, clock, random } = parts;
  const saved = (): void => {
    courier.wake('saved');
    void parts.askForSync();
  };
  return {
    ...parts,
    shelves: accountShelves(databases),
    openPhone: async (vault) => {
      const db = await databases.anew(vault.person);
      return { db, sealer: sealerOf(vault), clock, random, saved };
    },
    wake: (why) => courier.wake(why),
    sendNow: (person) => courier.sendNow(person),
    keepAccount: async (account: Account) =>
      writeMeta((await databases.of(account.person)).relaxed, 'account', account),
    closeForGood: (person) => databases.closeForGood(person),
    dropDatabase: (person) => databases.drop(person),
  };
}

/** Session and courier of one page, each told of the other: the courier asks for keys, the session wakes the courier. */
export async function wirePhone(parts: PhoneParts): Promise<WiredPhone> {
  const late: { courier?: Courier } = {};
  const session = await makePhoneSession(
    sessionPorts(parts, {
      wake: (why) => late.courier?.wake(why),
      sendNow: async (person) => (await late.courier?.sendNow(person)) ?? { is: 'nothing' },
    }),
  );
  const inside = {
    pullKey: (person: PersonId) => session.pullKey(person),
    tell: (event: CourierEvent) => heard(session, event),
    openDb: (person: PersonId) => parts.databases.of(person),
  };
  const courier = lateCourier(async () => {
    await parts.calm();
    const { startCourier } = await import('../courier/start-courier.ts');
    return startCourier(await parts.world(inside));
  }, globalThis);
  late.courier = courier;
  return { session, courier };
}
