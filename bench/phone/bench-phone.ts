import type { LogForm } from '../../src/lib/domain/assist/log-form.ts';
import type { OpenPhone } from '../../src/lib/phone/commands/open-phone.ts';
import { logAssist } from '../../src/lib/phone/commands/log-assist.ts';
import { browserWorld } from '../../src/lib/phone/courier/browser-world.ts';
import type { RunEnd } from '../../src/lib/phone/courier/courier-world.ts';
import { forAccount } from '../../src/lib/phone/courier/start-courier.ts';
import { openDatabases } from '../../src/lib/phone/session/account-shelves.ts';
import { makePhoneSession, type PhoneSession } from '../../src/lib/phone/session/phone-session.ts';
import { NO_COURIER, sessionPorts } from '../../src/lib/phone/session/wire-session.ts';
import { closeAccountDb } from '../../src/lib/phone/store/open-account-db.ts';
import { openDeviceStore } from '../../src/lib/phone/vault/device-store.ts';
import type { Kdf } from '../../src/lib/phone/vault/kdf.ts';
import { live } from '../../src/lib/phone/view/live.ts';
import { recordsPage } from '../../src/lib/phone/view/records.ts';
import { noteOf } from './note-text.ts';

const PIN = '482615';
const clock = { now: () => Date.now() };
const random = { bytes: (length: number) => crypto.getRandomValues(new Uint8Array(length)) };

/** Argon2id takes half a second by design and is no part of any row: a plain hash stands in for it. */
const quickKdf: Kdf = {
  derive: async (secret, { salt }) => {
    const bytes = new Uint8Array([...secret, ...new TextEncoder().encode(salt)]);
    return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  },
};

/** A phone of the product in a bare page: its session, vault, store, commands, views and courier; no screens. */
export class BenchPhone {
  readonly #databases = openDatabases();
  #session: PhoneSession | null = null;

  async #made(): Promise<PhoneSession> {
    const parts = {
      device: openDeviceStore(),
      databases: this.#databases,
      kdf: quickKdf,
      clock,
      random,
      fetch: (input: string, init: RequestInit) => fetch(input, init),
      userAgent: navigator.userAgent,
      after: (ms: number, run: () => void) => {
        const timer = setTimeout(run, ms);
        return () => clearTimeout(timer);
      },
      lookForEviction: () => Promise.resolve(null),
      askForSync: () => Promise.resolve(),
    };
    this.#session ??= await makePhoneSession(sessionPorts(parts, NO_COURIER));
    return this.#session;
  }

  /** Redeems an invitation, makes the vault, begins a session by signing. */
  async enrol(code: string): Promise<void> {
    const session = await this.#made();
    const enrolment = await session.enrolment();
    const redeemed = await enrolment.redeem(code);
    if (!redeemed.ok) throw new Error(`not redeemed: ${JSON.stringify(redeemed.error)}`);
    const finished = await enrolment.finish(PIN);
    if (!finished.ok) throw new Error(`not enrolled: ${finished.error.kind}`);
    await this.#signIn(session);
  }

  /** Has somebody been enrolled on this phone? */
  async isHere(): Promise<boolean> {
    return (await this.#made()).get().is !== 'empty';
  }

  close(): void {
    closeAccountDb(this.phone.db);
    this.#session = null;
  }

  /** A phone that is here already: opened with its PIN. Rows can come down once a session has begun. */
  async unlock(): Promise<void> {
    const session = await this.#made();
    const opened = await session.unlock(PIN);
    if (!opened.ok) throw new Error(`not unlocked: ${opened.error.kind}`);
    await this.#signIn(session);
  }

  async #signIn(session: PhoneSession): Promise<void> {
    // Nobody touches this phone: as with a visit open, it locks by itself after forty-five minutes only.
    session.visitOpen(true);
    const answer = await session.renew();
    if (!answer.ok) throw new Error(`no session: ${answer.error.kind}`);
  }

  get phone(): OpenPhone {
    const state = this.#session?.get();
    if (state?.is !== 'unlocked') throw new Error('the phone is locked');
    return state.phone;
  }

  /** Another connection for the strict one: for filling up beforehand, never for what is measured. */
  get hastyPhone(): OpenPhone {
    const { phone } = this;
    return { ...phone, db: { ...phone.db, strict: phone.db.relaxed } };
  }

  formOf(at: number, note: string): LogForm {
    const state = this.#session?.get();
    if (state?.is !== 'unlocked') throw new Error('the phone is locked');
    const { account } = state;
    const [team] = account.teams;
    if (team === undefined) throw new Error('no team');
    return {
      team: team.id,
      performedBy: [account.person],
      occurredAt: Date.now() - 1000,
      channel: 'door',
      subject: 'other',
      outcome: 'guided_only',
      accountStep: null,
      reason: null,
      typedBy: 'resident',
      minutes: 10 + (at % 30),
      satisfaction: 3,
      neighbourhood: null,
      personal: { note },
      filings: [],
      consent: null,
    };
  }

  /** One save as the screens make it. Returns the record's id. */
  async save(at: number, phone: OpenPhone = this.phone, note: string = noteOf(at)): Promise<string> {
    const saved = await logAssist(phone, this.formOf(at, note));
    if (!saved.ok) throw new Error(`not saved: ${JSON.stringify(saved.error)}`);
    return saved.value.rows[0] ?? '';
  }

  /** One run of the courier for this account: everything up, everything down. */
  async deliver(): Promise<RunEnd> {
    const { phone } = this;
    const world = browserWorld({
      pullKey: (person) => this.#session?.pullKey(person) ?? null,
      tell: () => undefined,
      openDb: (person) => this.#databases.of(person),
      app: 'bench',
    });
    const end = await forAccount(phone.db.person, world);
    if (end.is !== 'done') throw new Error(`the courier ended: ${JSON.stringify(end)}`);
    return end;
  }

  unsent(): Promise<number> {
    return this.phone.db.relaxed.outbox.where('phase').equals('unsent').count();
  }

  count(): Promise<number> {
    return this.phone.db.relaxed.rows.where('[kind+day+id]').between(['assist'], ['assist', []]).count();
  }

  async listIds(limit: number): Promise<readonly string[]> {
    return (await recordsPage(this.phone.db, {}, null, limit)).records.map(({ id }) => id);
  }

  /** The list of records, live: `run` hears the ids at once and after each change. */
  watch(limit: number, run: (ids: readonly string[]) => void): () => void {
    const { db } = this.phone;
    return live(() => recordsPage(db, {}, null, limit)).subscribe(({ records }) =>
      run(records.map(({ id }) => id)),
    );
  }

  /** What waits, as it will travel. */
  async waiting(): Promise<readonly { plain: string; sealed: string | null }[]> {
    const entries = await this.phone.db.relaxed.outbox.where('phase').equals('unsent').toArray();
    return entries.map(({ id, seq, plain, sealed, key }) => ({ id, seq, plain, sealed, key }));
  }
}
