import type { DeviceId } from '$lib/domain/record/ids.ts';
import { makeBoxKeys } from '$lib/kernel/crypto/sealed-box.ts';
import { deliver } from '$lib/phone/courier/deliver.ts';
import { browserWorld } from '$lib/phone/courier/browser-world.ts';
import type { RunEnd } from '$lib/phone/courier/courier-world.ts';
import { HEARTBEAT_MS, isFrozen } from '$lib/phone/courier/lease.ts';
import { editAssist } from '$lib/phone/commands/edit-records.ts';
import { logAssist } from '$lib/phone/commands/log-assist.ts';
import type { OpenPhone } from '$lib/phone/commands/open-phone.ts';
import { voidAssist } from '$lib/phone/commands/void-assist.ts';
import { openDraft, putDraft } from '$lib/phone/drafts/drafts.ts';
import { makeUnsentFile } from '$lib/phone/outbox/unsent-file.ts';
import { accountShelves, openDatabases } from '$lib/phone/session/account-shelves.ts';
import { AccountTables } from '$lib/phone/store/account-tables.ts';
import { readMeta } from '$lib/phone/store/meta.ts';
import { accountDbName, closeAccountDb, openAccountDb } from '$lib/phone/store/open-account-db.ts';
import { deriveArgon2id } from '$lib/phone/vault/argon2.ts';
import { makeDeviceKeys } from '$lib/phone/vault/device-signer.ts';
import { openDeviceStore } from '$lib/phone/vault/device-store.ts';
import type { Kdf } from '$lib/phone/vault/kdf.ts';
import { unlockVault } from '$lib/phone/vault/unlock.ts';
import { makeVault } from '$lib/phone/vault/vault.ts';
import { live } from '$lib/phone/view/live.ts';
import { outboxList } from '$lib/phone/view/outbox-view.ts';
import { openPersonal } from '$lib/phone/view/personal-parts.ts';
import { viewFaults } from '$lib/phone/view/rebuild.ts';
import { assistWithFilings } from '$lib/phone/view/records.ts';
import { NOON, PERSON, testForm, testPhone, testSealer, uuidAt } from '../../support/phone/test-phone.ts';
import { dieAtWrite, watchTransactions } from './storage-watch.ts';

/** A phone's production store, outbox and courier in one tab of a real browser, called by the drills from outside. */
let phone: OpenPhone | null = null;
let shown: readonly string[] = [];

function opened(): OpenPhone {
  if (phone === null) throw new Error('the drill page has opened no phone');
  return phone;
}

/** What a reopened phone holds, read through the tables. */
async function kept() {
  const { strict } = opened().db;
  const outbox = await strict.outbox.orderBy('place').toArray();
  return {
    saves: outbox.map(({ id, seq, place, phase, replica }) => ({ id, seq, place, phase, replica })),
    rows: await strict.rows.toCollection().primaryKeys(),
    faults: await viewFaults(strict),
    nextSeq: (await readMeta(strict, 'replica'))?.nextSeq ?? 0,
  };
}

/** Every waiting of the courier as in the browser, but for the heart: it beats so often, or (null) never again. */
function worldOf(beatMs: number | null, key: string | null) {
  const world = browserWorld({
    pullKey: () => key,
    tell: () => undefined,
    openDb: () => Promise.resolve(opened().db),
    app: 'drill',
  });
  const wait = (ms: number, signal?: AbortSignal): Promise<void> => {
    if (ms !== HEARTBEAT_MS) return world.timer.wait(ms, signal);
    return world.timer.wait(beatMs ?? 3_600_000, signal);
  };
  return { ...world, timer: { wait } };
}

/** One of everything that seals, opens, saves and reads: each in the transactions it has in production. */
async function dayOfAPhone(): Promise<readonly string[]> {
  const here = opened();
  const said: string[] = [];
  const note = (what: string, result: { readonly ok: boolean; readonly error?: unknown }): void =>
    void said.push(result.ok ? `${what} ok` : `${what} ${JSON.stringify(result.error)}`);
  note('draft', await putDraft(here, 'form', { note: 'nháp' }, 'step'));
  note('read draft', await openDraft(here, 'form'));
  const logged = await logAssist(
    here,
    testForm({ personal: { residentName: 'Nguyễn Thị Hoa', note: 'ghi chú' }, consent: CONSENT }),
    { draft: 'form' },
  );
  note('log', logged);
  if (!logged.ok || logged.value.rows[0] === undefined) return said;
  const record = async () => (await assistWithFilings(here.db, logged.value.rows[0]!))!.assist;
  note('edit', await editAssist(here, await record(), { set: { minutes: 9 }, personal: { note: 'sửa' } }));
  const personal = await openPersonal(here, await record());
  said.push(`opened ${personal.values.residentName ?? ''}, ${personal.values.note ?? ''}`);
  note('void', await voidAssist(here, await record(), 'entered_twice'));
  note('unsent file', await makeUnsentFile(here.db));
  const end = await deliver({ db: here.db, world: worldOf(HEARTBEAT_MS, 'key-1') });
  said.push(`round ${end.is}`);
  note('vault', await vaultAgain());
  return said;
}

/** A vault made, kept, and opened again from storage; the derivation is weak, its strength has tests of its own. */
async function vaultAgain() {
  const { clock, random } = opened();
  const device = openDeviceStore();
  const kdf: Kdf = {
    derive: (secret, parameters) => deriveArgon2id(secret, { ...parameters, memoryKiB: 64, passes: 1 }),
  };
  const ports = { device, shelves: accountShelves(openDatabases()), kdf, clock, random };
  const deliveryKey = { id: 'k1', publicKey: (await makeBoxKeys()).publicKey };
  const owner = { person: PERSON, device: uuidAt(9) as DeviceId, pin: '739264' };
  const made = await makeVault(
    { ...owner, deliveryKey, signing: await makeDeviceKeys(), oldKeys: [], formerKey: null },
    ports,
  );
  await device.putVault(made.record);
  const again = await unlockVault(ports, PERSON, owner.pin);
  device.close();
  return again;
}

const CONSENT = {
  wording: '2026-11',
  purposes: ['keep_name', 'keep_phone', 'follow_up'],
  how: 'spoken',
} as const;

const calls = {
  /** Makes this browser an enrolled phone; the ward is told by whoever drives. */
  enrol: async () => {
    const seed = crypto.getRandomValues(new Uint32Array(1))[0] ?? 1;
    const made = await testPhone({ idb: { indexedDB, IDBKeyRange }, seed });
    closeAccountDb(made.db);
    return { replica: made.replica, token: made.token, account: made.account };
  },
  open: async () => {
    phone = {
      db: await openAccountDb(PERSON),
      sealer: await testSealer(),
      clock: { now: () => NOON + Math.round(performance.now()) },
      random: { bytes: (length) => crypto.getRandomValues(new Uint8Array(length)) },
      saved: () => undefined,
    };
    live(() => outboxList(opened().db)).subscribe((lines) => (shown = lines.map(({ mutation }) => mutation)));
  },
  save: async () => logAssist(opened(), testForm()),
  /** Saves one after the other and tells each as the screen would: only once it is saved. Ends only with its browser. */
  saveOn: () => {
    const on = async (): Promise<void> => {
      const saved = await logAssist(opened(), testForm());
      const said = saved.ok ? saved.value.mutation : `fault:${saved.error.kind}`;
      void fetch(`/saved?${said}`, { method: 'POST', keepalive: true });
      if (saved.ok) await on();
    };
    void on();
    return Promise.resolve();
  },
  saveMany: async (count: number) => {
    const ids: string[] = [];
    for (let at = 0; at < count; at++) {
      const saved = await logAssist(opened(), testForm());
      if (saved.ok) ids.push(saved.value.mutation);
    }
    return ids;
  },
  kept,
  /** Resolves when the list on screen shows so many saves, without being asked to look again. */
  shows: async (count: number) => {
    while (shown.length !== count) await new Promise((resolve) => setTimeout(resolve, 20));
    return shown.length;
  },
  dayOfAPhone,
  deliver: (how: 'if_free' | 'steal', beatMs: number | null): Promise<RunEnd> =>
    deliver({ db: opened().db, world: worldOf(beatMs, null) }, how),
  /** Watches whoever holds the lock for six waits of so many milliseconds each. */
  isFrozen: (waitMs: number) =>
    isFrozen({ db: opened().db, world: worldOf(waitMs, null) }, new AbortController().signal),
  locks: async () => ((await navigator.locks.query()).held ?? []).map(({ name }) => name ?? ''),
  lease: () => readMeta(opened().db.relaxed, 'lease'),
  watchTransactions: () => {
    watchTransactions();
    return Promise.resolve();
  },
  transactions: () => Promise.resolve(watchTransactions.seen.splice(0)),
  dieAtWrite: (n: number) => {
    dieAtWrite(n);
    return Promise.resolve();
  },
  /** As the next release would open it: a further table, and a higher code version. */
  upgrade: async () => {
    const tables = new AccountTables(accountDbName(PERSON), {});
    tables.version(2).stores({ later: 'id' });
    await tables.open();
    tables.close();
    closeAccountDb(await openAccountDb(PERSON, undefined, 2));
  },
  /** Past the app, as the browser's own settings do it. */
  deleteStorage: () => deleteDatabase(accountDbName(PERSON)),
  forget: async () => {
    if (phone !== null) closeAccountDb(phone.db);
    for (const { name } of await indexedDB.databases()) await deleteDatabase(name ?? '');
  },
};

async function deleteDatabase(name: string): Promise<void> {
  const asked = indexedDB.deleteDatabase(name);
  await new Promise((resolve, reject) => {
    asked.onsuccess = resolve;
    asked.onerror = reject;
  });
}

export type PageCalls = typeof calls;
declare global {
  var drill: PageCalls;
}
globalThis.drill = calls;
