import { IDBFactory, IDBKeyRange } from 'fake-indexeddb';
import type { FilingForm, LogForm } from '$lib/domain/assist/log-form.ts';
import type { PersonId, ReplicaId, TeamId, WardId, GrantId } from '$lib/domain/record/ids.ts';
import { textOf, toBase64url, utf8 } from '$lib/kernel/bytes.ts';
import { type AesKey, importAesKey, openBytes, sealBytes } from '$lib/kernel/crypto/aes-gcm.ts';
import type { Json } from '$lib/kernel/json.ts';
import type { Random } from '$lib/kernel/random.ts';
import { uuidv7 } from '$lib/kernel/uuid.ts';
import type { Account } from '$lib/protocol/enrol.ts';
import type { OpenPhone } from '$lib/phone/commands/open-phone.ts';
import { NO_CONTACT, writeMeta } from '$lib/phone/store/meta.ts';
import { type AccountDb, type IdbPort, openAccountDb } from '$lib/phone/store/open-account-db.ts';
import type { Sealer } from '$lib/phone/store/sealer.ts';

/** 22 November 2026, 09:00 in Vietnam. */
export const NOON = Date.UTC(2026, 10, 22, 2, 0, 0);

/** A clock that stands until it is moved. */
export interface TestClock {
  now(): number;
  at: number;
}
export function testClock(at: number = NOON): TestClock {
  return {
    at,
    now() {
      return this.at;
    },
  };
}

/** Deterministic bytes: xorshift over a seed. */
export function seededRandom(seed: number): Random {
  let state = (seed * 2654435761) >>> 0 || 1;
  return {
    bytes: (length) => {
      const bytes = new Uint8Array(length);
      for (let at = 0; at < length; at++) {
        state ^= state << 13;
        state >>>= 0;
        state ^= state >>> 17;
        state ^= state << 5;
        state >>>= 0;
        bytes[at] = state & 255;
      }
      return bytes;
    },
  };
}

export function freshIdb(): IdbPort {
  return { indexedDB: new IDBFactory(), IDBKeyRange };
}

export function uuidAt(seed: number): string {
  return uuidv7({ now: () => NOON - 1_000_000_000 }, seededRandom(seed));
}

export const WARD = 'phuong-mau' as WardId;
export const TEAM = uuidAt(1) as TeamId;
export const PERSON = uuidAt(2) as PersonId;

export function testAccount(person: PersonId = PERSON, changes: Partial<Account> = {}): Account {
  return {
    person,
    name: 'Vàng A Sử',
    ward: WARD,
    wardName: 'Phường Mẫu',
    wardWord: 'phường',
    role: 'helper',
    teams: [{ id: TEAM, name: 'Tổ 1' }],
    grant: uuidAt(3) as GrantId,
    mustPass: true,
    demo: false,
    ...changes,
  };
}

/** A real AES-256-GCM key, as the unlocked vault would give. */
export async function testSealer(key = 'key-1', raw = seededRandom(77).bytes(32)): Promise<Sealer> {
  const aes: AesKey = await importAesKey(raw);
  return {
    seal: async (values, aad) => ({ blob: await sealBytes(aes, utf8(JSON.stringify(values)), aad), key }),
    open: async (blob, name, aad) => {
      const bytes = name === key ? await openBytes(aes, blob, aad) : null;
      return bytes === null ? null : (JSON.parse(textOf(bytes)) as Json);
    },
  };
}

export interface TestPhone extends OpenPhone {
  readonly idb: IdbPort;
  readonly clock: TestClock;
  readonly account: Account;
  readonly replica: ReplicaId;
  readonly token: string;
  saves: number;
}

export interface TestPhoneOptions {
  readonly account?: Account;
  readonly idb?: IdbPort;
  readonly seed?: number;
  readonly clock?: TestClock;
}

/** A phone that has just been enrolled. */
export async function testPhone(options: TestPhoneOptions = {}): Promise<TestPhone> {
  const { account = testAccount(), idb = freshIdb(), seed = 5, clock = testClock() } = options;
  const random = seededRandom(seed);
  const db = await openAccountDb(account.person, idb);
  const replica = uuidv7(clock, random) as ReplicaId;
  const token = `${account.ward}.${toBase64url(random.bytes(32))}`;
  await enrolTestPhone(db, account, replica, token);
  const phone: TestPhone = {
    db,
    idb,
    clock,
    random,
    account,
    replica,
    token,
    sealer: await testSealer(),
    saves: 0,
    saved: () => {
      phone.saves += 1;
    },
  };
  return phone;
}

async function enrolTestPhone(db: AccountDb, account: Account, id: ReplicaId, token: string): Promise<void> {
  const tables = db.strict;
  await tables.transaction('rw', [tables.meta, tables.keys], async () => {
    await writeMeta(tables, 'account', account);
    await writeMeta(tables, 'replica', { id, token, nextSeq: 1, nextPlace: 1, heardTo: 0, rowsTo: 0 });
    await writeMeta(tables, 'contact', NO_CONTACT);
    await tables.keys.put({ key: 'key-1', to: 'delivery-1', box: 'AAAA' });
  });
}

export function testForm(changes: Partial<LogForm> = {}): LogForm {
  return {
    team: TEAM,
    performedBy: [PERSON],
    occurredAt: NOON - 60_000,
    channel: 'door',
    subject: 'khai-sinh',
    outcome: 'guided_only',
    accountStep: null,
    reason: null,
    typedBy: 'resident',
    minutes: null,
    satisfaction: null,
    neighbourhood: null,
    personal: { note: 'Bà con hỏi lệ phí.' },
    filings: [],
    consent: null,
    ...changes,
  };
}

/** A filing whose code is still to come. */
export const FILING: FilingForm = {
  procedure: 'khai-sinh',
  code: '',
  submittedDay: '2026-11-22',
  officialDay: null,
  estimate: null,
  packVersion: null,
  status: 'submitted',
  source: 'helper_saw',
  note: '',
};
