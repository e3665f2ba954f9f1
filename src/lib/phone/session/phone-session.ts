import type { PersonId } from '../../domain/record/ids.ts';
import { err, ok, type Result } from '../../kernel/result.ts';
import type { Account } from '../../protocol/enrol.ts';
import type { OpenPhone } from '../commands/open-phone.ts';
import type { SendReport } from '../courier/send-report.ts';
import type { Enrolment, EnrolPorts } from '../enrolment/enrolment.ts';
import { type AutoLock, type AutoLockPorts, startAutoLock } from '../vault/auto-lock.ts';
import type { AccountRecord } from '../vault/device-store.ts';
import type { OpenVault } from '../vault/open-vault.ts';
import { makeSubject, type Watched } from '../vault/subject.ts';
import { turnOf } from '../vault/pin-turn.ts';
import type { UnlockFault } from '../vault/unlock.ts';
import { endSession } from './end-session.ts';
import type { RenewFault } from './renew-session.ts';
import type { Evicted, SessionState } from './session-state.ts';

export type { AccountOnPhone, Evicted, SessionState, SignedIn } from './session-state.ts';

export interface SessionPorts extends EnrolPorts {
  readonly after: AutoLockPorts['after'];
  readonly openPhone: (vault: OpenVault) => Promise<OpenPhone>;
  /** The courier: woken after unlock, when a session has come, and when a key was sealed anew. */
  readonly wake: (why: 'unlocked' | 'signed_in' | 'key_sealed' | 'unsent') => void;
  /** One round now, whatever rest the courier keeps. */
  readonly sendNow: (person: PersonId) => Promise<SendReport>;
  /** Keeps the account's facts in its own database too. */
  readonly keepAccount: (account: Account) => Promise<void>;
  /** Ends all saving into it, unless something unsent is still in it: then false. */
  readonly closeForGood: (person: PersonId) => Promise<boolean>;
  readonly dropDatabase: (person: PersonId) => Promise<void>;
  /** Asks whether the browser threw an older database away; null: no, or nobody answers. */
  readonly lookForEviction: () => Promise<Evicted | null>;
}

/** The one object that the field screens talk to about who is in front and whether the vault is open. */
export interface PhoneSession extends Watched<SessionState> {
  unlock(pin: string): Promise<Result<null, UnlockFault>>;
  /** Drafts are sealed first (`beforeLock`), then the keys go. */
  lock(): Promise<void>;
  switchTo(person: PersonId): Promise<void>;
  /** Not offered any more; what is unsent stays and is still delivered. Coming back takes a new QR. */
  signOut(person?: PersonId): Promise<void>;
  changePin(old: string, next: string): Promise<Result<null, UnlockFault>>;
  beforeLock(seal: () => Promise<void>): () => void;
  /** Something was touched. */
  active(): void;
  visitOpen(open: boolean): void;
  /** The page is seen again: locks if its time is up, and reads who is on this phone anew. */
  look(): Promise<void>;
  /** One session with the server, silently; one request at a time however often it is asked for. */
  renew(): Promise<Result<Account, RenewFault>>;
  /** "Gửi ngay" for who is in front, open or locked. */
  sendNow(): Promise<SendReport>;
  enrolment(): Promise<Enrolment>;
  /** The server cannot open the account's data key: sealed to its present delivery key at once, or at the next unlock. */
  keyNeeded(person: PersonId): Promise<void>;
  /** The server has taken all that was unsent of a revoked device: keys and database go. */
  revoked(person: PersonId): Promise<void>;
  /** The account's data key for rows to come down under; null while locked or not in front. For the courier. */
  pullKey(person: PersonId): string | null;
}

/** What opens vaults is loaded while the PIN is being typed. Null: it could not be had. */
const unlocking = () => import('../vault/unlock.ts').catch(() => null);

/** What asks the server is loaded when it is first asked: the screens that are there offline do without it. */
async function askFor(
  how: 'freshAccount' | 'renewSession',
  fetch: SessionPorts['fetch'],
  vault: OpenVault,
): Promise<Result<Account, RenewFault>> {
  const asking = await import('./renew-session.ts').catch(() => null);
  return asking === null ? err({ kind: 'offline' }) : asking[how](fetch, vault);
}

/** A hook that hangs must not keep the vault open. */
const SEAL_PATIENCE_MS = 2000;

class Session {
  private readonly ports: SessionPorts;
  private readonly state = makeSubject<SessionState>({ is: 'empty', evicted: null });
  private readonly seals = new Set<() => Promise<void>>();
  private autoLock: AutoLock | null = null;
  /** Vaults whose key the session has been asked to vouch for, because the server said it did not. */
  private readonly vouched = new WeakSet<OpenVault>();
  private renewing: Promise<Result<Account, RenewFault>> | null = null;
  private locking: Promise<void> | null = null;

  readonly get = () => this.state.get();
  readonly subscribe = (run: (value: SessionState) => void) => this.state.subscribe(run);

  constructor(ports: SessionPorts) {
    this.ports = ports;
  }

  private async offered(): Promise<AccountRecord[]> {
    return (await this.ports.device.accounts()).filter(({ signedOut }) => !signedOut);
  }

  /** Reads who is on this phone and shows the one in front, locked. */
  async load(): Promise<void> {
    const accounts = await this.offered();
    const wanted = await this.ports.device.fact('front');
    const front = accounts.find(({ person }) => person === wanted) ?? accounts[0];
    if (!front) {
      this.state.set({ is: 'empty', evicted: null });
      return;
    }
    const turn = await turnOf(this.ports, front.person);
    const spent = turn === null || turn.is === 'spent';
    const wait = turn?.is === 'wait' ? turn.waitMs : 0;
    this.state.set({ is: 'locked', account: front.account, accounts, wait, spent });
    void unlocking();
  }

  async noteEviction(): Promise<void> {
    if (this.state.get().is !== 'empty') return;
    const evicted = await this.ports.lookForEviction();
    if (evicted && this.state.get().is === 'empty') this.state.set({ is: 'empty', evicted });
  }

  async unlock(pin: string): Promise<Result<null, UnlockFault>> {
    const state = this.state.get();
    if (state.is === 'unlocked') return ok(null);
    if (state.is === 'empty') return err({ kind: 'no_vault' });
    const code = await unlocking();
    if (code === null) return err({ kind: 'failed' });
    const opened = await code.unlockVault(this.ports, state.account.person, pin);
    if (!opened.ok) {
      await this.load();
      return opened;
    }
    return this.enter(opened.value);
  }

  /** The vault is open: phone, auto-lock, state; then, if the network allows, a session. */
  private async enter(vault: OpenVault): Promise<Result<null, UnlockFault>> {
    const phone = await this.ports.openPhone(vault).catch(() => null);
    const record = (await this.offered()).find(({ person }) => person === vault.person);
    if (!phone || !record) {
      vault.close();
      return err({ kind: 'failed' });
    }
    await this.ports.device.putFact('front', vault.person);
    await this.ports.device.putAccount({ ...record, lastUsedAt: this.ports.clock.now() });
    this.autoLock?.stop();
    this.autoLock = startAutoLock({
      now: () => this.ports.clock.now(),
      after: this.ports.after,
      lock: () => void this.lock(),
    });
    const accounts = await this.offered();
    this.state.set({ is: 'unlocked', account: record.account, accounts, phone, vault, signedIn: 'asking' });
    this.ports.wake('unlocked');
    void this.signIn((vault) => askFor('freshAccount', this.ports.fetch, vault));
    return ok(null);
  }

  lock(): Promise<void> {
    this.locking ??= this.lockOnce().finally(() => {
      this.locking = null;
    });
    return this.locking;
  }

  private async lockOnce(): Promise<void> {
    const state = this.state.get();
    if (state.is !== 'unlocked') return;
    const sealed = Promise.allSettled([...this.seals].map((seal) => seal()));
    const patience = new Promise<void>((resolve) => {
      this.ports.after(SEAL_PATIENCE_MS, resolve);
    });
    await Promise.race([sealed, patience]);
    this.autoLock?.stop();
    this.autoLock = null;
    state.vault.close();
    await this.load();
  }

  async switchTo(person: PersonId): Promise<void> {
    const state = this.state.get();
    if (state.is !== 'empty' && state.account.person === person) return;
    await this.ports.device.putFact('front', person);
    if (state.is === 'unlocked') await this.lock();
    else await this.load();
  }

  async signOut(wanted?: PersonId): Promise<void> {
    const state = this.state.get();
    const person = wanted ?? (state.is === 'empty' ? undefined : state.account.person);
    const record = (await this.ports.device.accounts()).find((one) => one.person === person);
    if (!record) return;
    await this.ports.device.putAccount({ ...record, signedOut: true });
    if (state.is !== 'empty' && state.account.person === person) void endSession(this.ports.fetch);
    if (state.is === 'unlocked' && state.account.person === person) await this.lock();
    else await this.load();
  }

  async changePin(old: string, next: string): Promise<Result<null, UnlockFault>> {
    const state = this.state.get();
    if (state.is === 'empty') return err({ kind: 'no_vault' });
    const code = await unlocking();
    return code?.changePin(this.ports, state.account.person, { old, next }) ?? err({ kind: 'failed' });
  }

  beforeLock(seal: () => Promise<void>): () => void {
    this.seals.add(seal);
    return () => this.seals.delete(seal);
  }

  active(): void {
    this.autoLock?.active();
  }

  visitOpen(open: boolean): void {
    this.autoLock?.visitOpen(open);
  }

  async look(): Promise<void> {
    this.autoLock?.look();
    const state = this.state.get();
    if (state.is !== 'unlocked') return this.load();
    const isHere = (await this.offered()).some(({ person }) => person === state.vault.person);
    if (!isHere) {
      // Revoked or signed out in another tab: this one has nobody to be open for.
      this.closeOf(state.vault.person);
      return this.load();
    }
    if (state.signedIn !== 'yes') await this.renew();
  }

  renew(): Promise<Result<Account, RenewFault>> {
    return this.signIn((vault) => askFor('renewSession', this.ports.fetch, vault));
  }

  private signIn(ask: (vault: OpenVault) => Promise<Result<Account, RenewFault>>) {
    const state = this.state.get();
    if (state.is !== 'unlocked') return Promise.resolve(err<RenewFault>({ kind: 'locked' }));
    this.renewing ??= this.signInOnce(state.vault, ask).finally(() => {
      this.renewing = null;
    });
    return this.renewing;
  }

  private async signInOnce(
    vault: OpenVault,
    ask: (vault: OpenVault) => Promise<Result<Account, RenewFault>>,
  ): Promise<Result<Account, RenewFault>> {
    const answer = await ask(vault);
    const state = this.state.get();
    if (state.is !== 'unlocked' || state.vault !== vault) return answer;
    if (!answer.ok) {
      this.state.set({ ...state, signedIn: answer.error.kind === 'refused' ? 'refused' : 'offline' });
      return answer;
    }
    await this.keep(answer.value);
    const later = this.state.get();
    if (later.is === 'unlocked' && later.vault === vault) {
      this.state.set({ ...later, account: answer.value, signedIn: 'yes' });
      this.ports.wake('signed_in');
    }
    return answer;
  }

  private async keep(account: Account): Promise<void> {
    const record = (await this.ports.device.accounts()).find(({ person }) => person === account.person);
    if (!record) return;
    await this.ports.device.putAccount({
      ...record,
      account,
      name: account.name,
      wardName: account.wardName,
    });
    await this.ports.keepAccount(account);
  }

  async sendNow(): Promise<SendReport> {
    const state = this.state.get();
    return state.is === 'empty' ? { is: 'nothing' } : this.ports.sendNow(state.account.person);
  }

  async enrolment(): Promise<Enrolment> {
    const { makeEnrolment } = await import('../enrolment/enrolment.ts');
    const entered = async (vault: OpenVault): Promise<void> => {
      const state = this.state.get();
      if (state.is === 'unlocked') await this.lock();
      await this.enter(vault);
    };
    return makeEnrolment(this.ports, entered);
  }

  async keyNeeded(person: PersonId): Promise<void> {
    const state = this.state.get();
    // Locked: the next unlock seals it anew.
    if (state.is !== 'unlocked' || state.vault.person !== person) return;
    const shelf = this.ports.shelves.shelf(person);
    const delivery = { key: await shelf.deliveryKey(), envelopes: await shelf.envelopes() };
    const envelopes = await state.vault.envelop(delivery);
    if (envelopes.length === 0) {
      // Sealed to that key already: perhaps the session is of an earlier enrolment, and vouches for another key. Asked
      // once; asking again at once would bring the same answer.
      if (this.vouched.has(state.vault)) return;
      this.vouched.add(state.vault);
      await this.renew();
      return;
    }
    await shelf.putEnvelopes(envelopes);
    this.ports.wake('key_sealed');
  }

  async revoked(person: PersonId): Promise<void> {
    if (!(await this.ports.closeForGood(person))) {
      // Saved after the server had answered: it goes first, and the next answer brings us here again.
      this.ports.wake('unsent');
      return;
    }
    this.closeOf(person);
    await this.ports.device.forget(person);
    await this.ports.dropDatabase(person);
    await this.load();
  }

  private closeOf(person: PersonId): void {
    const state = this.state.get();
    if (state.is !== 'unlocked' || state.vault.person !== person) return;
    state.vault.close();
    this.autoLock?.stop();
    this.autoLock = null;
  }

  pullKey(person: PersonId): string | null {
    const state = this.state.get();
    return state.is === 'unlocked' && state.vault.person === person && !state.vault.closed
      ? state.vault.dataKey
      : null;
  }
}

/** Reads who is on this phone; the vault is locked. */
export async function makePhoneSession(ports: SessionPorts): Promise<PhoneSession> {
  const session = new Session(ports);
  await session.load();
  void session.noteEviction();
  return session;
}
