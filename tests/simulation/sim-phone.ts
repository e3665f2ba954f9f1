import { IDBFactory, IDBKeyRange } from 'fake-indexeddb';
import type { PersonId } from '$lib/domain/record/ids.ts';
import type { Random } from '$lib/kernel/random.ts';
import type { Account } from '$lib/protocol/enrol.ts';
import type { RoundRequest } from '$lib/protocol/round.ts';
import { dataKeyMark, keyAad } from '$lib/protocol/bound-bytes.ts';
import type { KeyEnvelope } from '$lib/protocol/envelope.ts';
import { sealToBox } from '$lib/kernel/crypto/sealed-box.ts';
import type { RunEnd } from '$lib/phone/courier/courier-world.ts';
import { accountShelves } from '$lib/phone/session/account-shelves.ts';
import { type AccountDb, closeAccountDb, type IdbPort } from '$lib/phone/store/open-account-db.ts';
import type { OpenPhone } from '$lib/phone/commands/open-phone.ts';
import { writeMeta } from '$lib/phone/store/meta.ts';
import type { Sealer } from '$lib/phone/store/sealer.ts';
import { testSealer } from '../support/phone/test-phone.ts';
import type { PhoneIdentity } from '../support/sync-phone.ts';
import type { SyncServer } from '../support/sync-ward.ts';
import { seededRandom } from '../support/sync-mutations.ts';
import { BrowserLocks } from './browser-locks.ts';
import { openUnder, SimProcess } from './process.ts';

/** A browser on a phone: its storage and locks outlive its processes. */
export interface SimBrowser {
  readonly idb: IdbPort;
  readonly locks: BrowserLocks;
}

export function newBrowser(): SimBrowser {
  return { idb: { indexedDB: new IDBFactory(), IDBKeyRange }, locks: new BrowserLocks() };
}

/** A run whose answer is still on its way: it goes on when the step `release` lets it arrive. */
export interface Hanging {
  readonly run: Promise<RunEnd>;
  readonly process: SimProcess;
  readonly db: AccountDb;
  arrive(): void;
}

/** One account's database on one phone. */
export class SimPhone {
  readonly name: string;
  readonly random: Random;
  browser: SimBrowser;
  identity: PhoneIdentity;
  account: Account;
  sealer: Sealer;
  key: { readonly raw: Uint8Array<ArrayBuffer>; readonly id: string; readonly mark: string };
  process = new SimProcess();
  db: AccountDb;
  /** The phone's clock minus the server's, milliseconds. */
  skew = 0;
  /** Nothing of it is left: revoked and dropped. */
  gone = false;
  needsEnrolment = false;
  hanging: Hanging | null = null;
  /** How many restores the ward had seen when it gave the answer that this phone heard last. */
  answeredAfter = 0;
  /** Lease under which each hanging request was made. */
  readonly holders = new WeakMap<RoundRequest, string>();
  readonly #now: () => number;

  private constructor(given: {
    name: string;
    identity: PhoneIdentity;
    account: Account;
    browser: SimBrowser;
    key: SimPhone['key'];
    sealer: Sealer;
    db: AccountDb;
    process: SimProcess;
    now: () => number;
    seed: number;
  }) {
    this.name = given.name;
    this.identity = given.identity;
    this.account = given.account;
    this.browser = given.browser;
    this.key = given.key;
    this.sealer = given.sealer;
    this.db = given.db;
    this.process = given.process;
    this.#now = given.now;
    this.random = seededRandom(given.seed);
  }

  static async boot(given: {
    name: string;
    identity: PhoneIdentity;
    account: Account;
    browser: SimBrowser;
    key?: SimPhone['key'];
    now: () => number;
    seed: number;
  }): Promise<SimPhone> {
    const raw = seededRandom(given.seed + 77).bytes(32);
    const id = `k${given.identity.device.slice(-8)}`;
    const key = given.key ?? { raw, id, mark: await dataKeyMark(raw) };
    const process = new SimProcess();
    const db = await openUnder(process, given.account.person, given.browser.idb);
    return new SimPhone({ ...given, key, sealer: await testSealer(key.id, key.raw), db, process });
  }

  get person(): PersonId {
    return this.account.person;
  }

  readonly clock = { now: (): number => this.#now() + this.skew };

  /** As the page in front, or another one, works with it. */
  open(page: { readonly process: SimProcess; readonly db: AccountDb } = this): OpenPhone {
    return {
      db: page.db,
      sealer: this.sealer,
      clock: this.clock,
      random: this.random,
      saved: () => void page.process.call(),
    };
  }

  /** The process has been killed, or is: another one opens the same storage. */
  async restart(): Promise<void> {
    this.process.kill();
    if (this.hanging !== null) {
      this.hanging.process.kill();
      closeAccountDb(this.hanging.db);
      this.hanging = null;
    }
    closeAccountDb(this.db);
    this.process = new SimProcess();
    this.db = await openUnder(this.process, this.person, this.browser.idb);
  }

  async envelope(server: SyncServer): Promise<KeyEnvelope> {
    const { id, publicKey } = server.world.keys.deliveryKey;
    const box = await sealToBox(
      publicKey,
      this.key.raw,
      keyAad(this.person, this.identity.device, this.key.id),
    );
    if (box === null) throw new Error('not a delivery key');
    return { key: this.key.id, to: id, box };
  }

  /** Redeems an invitation: the production way of setting an account up, or of attaching one anew. */
  async enrol(server: SyncServer, identity: PhoneIdentity, batch: number): Promise<void> {
    this.identity = identity;
    const [present] = await server.world.store.epochs();
    const own = () => Promise.resolve(this.db);
    const shelves = accountShelves({ of: own, anew: own });
    await shelves.setUp({
      account: this.account,
      replica: identity.replica as never,
      deliveryToken: identity.token,
      deliveryKey: server.world.keys.deliveryKey,
      epoch: present?.id ?? '',
      envelopes: [await this.envelope(server)],
    });
    if (batch > 0) await writeMeta(this.db.strict, 'batch', { size: batch, tooLarge: 0 });
    this.needsEnrolment = false;
  }
}
